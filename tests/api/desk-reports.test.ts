import sharp from 'sharp'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { deskReportSchema, inboxPageSchema } from '#shared/reports/desk-schema'
import { bansSchema } from '#shared/staff/desk-schema'
import { openBrowser } from '../browser-jar.ts'
import { caller, fileReport, type Caller } from '../desk-caller.ts'

const { url } = inject('portal')
const people = ['officer', 'officer2', 'lead', 'chief', 'auditor', 'admin', 'resident'] as const
const at = {} as Record<typeof people[number] | 'guest', Caller>

beforeAll(async () => {
  at.guest = await caller(url)
  for (const name of people) at[name] = await caller(url, name)
})

const codeOf = (body: unknown) => typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
const open = async (by: Caller, reference: string) => deskReportSchema.parse((await by.call('GET', `desk/reports/${reference}`)).body)

describe('who gets in', () => {
  // What each may read, as statuses: guest, resident, admin, officer, lead, chief, auditor.
  const reads: [path: string, guest: number, resident: number, admin: number, officer: number, lead: number, chief: number, auditor: number][] = [
    ['desk/me', 401, 403, 200, 200, 200, 200, 200],
    ['desk/reports', 401, 403, 403, 200, 200, 200, 200],
    ['desk/staff', 401, 403, 200, 200, 200, 200, 200],
    ['desk/templates', 401, 403, 200, 200, 200, 200, 200],
    ['desk/bans', 401, 403, 403, 403, 200, 200, 403],
    ['desk/audit', 401, 403, 403, 403, 403, 200, 200],
    ['desk/messages', 401, 403, 403, 403, 200, 200, 403],
  ]
  it.each(reads)('GET /api/%s', async (path, ...expected) => {
    const found = await Promise.all((['guest', 'resident', 'admin', 'officer', 'lead', 'chief', 'auditor'] as const).map(async who => (await at[who].call('GET', path)).status))

    expect(found).toEqual(expected)
  })

  it('a report is open to its officer, the lead and the chief, and to others it is not there', async () => {
    const { reference } = await fileReport(url)

    const found = await Promise.all((['officer', 'lead', 'chief', 'officer2', 'auditor', 'admin', 'resident'] as const).map(async who => [who, (await at[who].call('GET', `desk/reports/${reference}`)).status]))

    expect(Object.fromEntries(found)).toEqual({ officer: 200, lead: 200, chief: 200, officer2: 404, auditor: 404, admin: 404, resident: 404 })
  })

  const acts: [verb: string, body: unknown][] = [
    ['accept', {}], ['assign', { assignee: 'me' }], ['status', { status: 'triaged' }], ['messages', { text: 'Hello.' }], ['notes', { text: 'A note.' }], ['merge', { into: 'LL-0000-0000' }],
    ['unmerge', {}], ['release', {}], ['summary', { summary: 'Lamp.' }], ['ban', { reason: 'Floods the desk.' }],
  ]
  it.each(acts)('POST …/%s is refused to everyone who may not handle the report', async (verb, body) => {
    const { reference } = await fileReport(url)

    const found = await Promise.all((['guest', 'resident', 'admin', 'auditor', 'officer2'] as const).map(async who => (await at[who].call('POST', `desk/reports/${reference}/${verb}`, body)).status))

    expect(found).toEqual([401, 404, 404, 404, 404])
    expect((await open(at.officer, reference)).report.status).toBe('received')
  })

  it('another site cannot act with an officer\'s cookie', async () => {
    const { reference } = await fileReport(url)
    const signedIn = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }, body: JSON.stringify({ email: 'officer@demo.linli', password: 'linli-demo' }) })
    const cookie = signedIn.headers.getSetCookie().map(line => line.split(';')[0]).join('; ')

    const forged = await fetch(`${url}/api/desk/reports/${reference}/accept`, { method: 'POST', headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' }, body: '{}' })

    expect(forged.status).toBe(403)
  })
})

describe('bad input is answered with its field', () => {
  const bad: [method: 'GET' | 'POST', path: string, body: unknown, status: number, field?: string][] = [
    ['GET', 'desk/reports?cursor=rubbish', undefined, 422, 'cursor'],
    ['GET', `desk/reports?cursor=${Buffer.from('{"received_at":"yesterday","id":"1"}').toString('base64url')}`, undefined, 422, 'cursor'],
    ['GET', 'desk/reports?status=burnt', undefined, 422, 'status.0'],
    ['GET', 'desk/reports?limit=0', undefined, 422, 'limit'],
    ['GET', 'desk/reports?from=2026-13-01', undefined, 422, 'from'],
    ['GET', 'desk/reports?community=ping-an', undefined, 422, 'community'],
    ['GET', 'desk/reports/not-a-reference', undefined, 404],
    ['GET', 'desk/attachments/not-an-id', undefined, 404],
    ['POST', 'desk/reports/REF/status', { status: 'burnt' }, 422, 'status'],
    ['POST', 'desk/reports/REF/status', { status: 'closed', closedReason: 'duplicate' }, 422, 'closedReason'],
    ['POST', 'desk/reports/REF/status', { status: 'closed' }, 422],
    ['POST', 'desk/reports/REF/status', { status: 'resolved' }, 409],
    ['POST', 'desk/reports/REF/messages', { text: '   ' }, 422, 'text'],
    ['POST', 'desk/reports/REF/messages', { text: 'x'.repeat(10_001) }, 422, 'text'],
    ['POST', 'desk/reports/REF/notes', {}, 422, 'text'],
    ['POST', 'desk/reports/REF/assign', { assignee: 'somebody' }, 422, 'assignee'],
    ['POST', 'desk/reports/REF/assign', { assignee: '00000000-0000-4000-8000-000000000000' }, 422],
    ['POST', 'desk/reports/REF/merge', { into: 'the other one' }, 422, 'into'],
    ['POST', 'desk/reports/REF/merge', { into: 'REF' }, 409],
    ['POST', 'desk/reports/REF/ban', { reason: 'x' }, 422, 'reason'],
    ['POST', 'desk/reports/REF/ban', { reason: 'Nobody to ban.' }, 409],
    ['POST', 'desk/reports/REF/unmerge', {}, 409],
  ]
  let reference = ''
  beforeAll(async () => {
    ({ reference } = await fileReport(url))
  })

  it.each(bad)('%s /api/%s with %j is %d', async (method, path, body, status, field) => {
    const answer = await at.lead.call(method, path.replace('REF', reference), body === undefined ? undefined : JSON.parse(JSON.stringify(body).replace('REF', reference)) as unknown)

    expect(answer.status, JSON.stringify(answer.body)).toBe(status)
    expect(answer.type).toContain('application/problem+json')
    if (field) expect(answer.body).toHaveProperty(['errors', field])
  })
})

describe('handling a report', () => {
  it('accept without words sends the plain sentence in the reporter\'s language', async () => {
    const { reference, receipt } = await fileReport(url, { locale: 'zh', description: '路灯一个星期没亮了。' })

    const accepted = await at.officer.call('POST', `desk/reports/${reference}/accept`, {})
    const tracked = await fetch(`${url}/api/reports/${reference}`, { headers: { 'x-receipt': receipt } }).then(answer => answer.text())

    expect(accepted.body).toMatchObject({ status: 'triaged', revisits: [{ round: 1, step: 1, level: 'officer', mayVisit: true, stoppedAt: null }] })
    expect(tracked).toContain('这件事由我们处理')
  })

  it('who loads a report anew is one line of the reporter\'s list, with how often; the API keeps every opening', async () => {
    const { reference, receipt } = await fileReport(url)
    for (const officer of [at.officer, at.officer, at.officer, at.lead]) await open(officer, reference)

    const browser = openBrowser(url)
    await browser.post('/en/reports/track', { reference, receipt })
    const [, list = ''] = /<summary>Who opened my report \(4\)<\/summary>(.*?)<\/details>/s.exec(await (await browser.get(`/en/reports/${reference}`)).text()) ?? []
    const lines = [...list.matchAll(/<li>(.*?)<\/li>/gs)].map(([, line = '']) => line.replace(/<[^>]*>/g, ''))

    expect(lines).toEqual([expect.stringMatching(/^Team leader(?!.*times since)/), expect.stringMatching(/^Officer.* 3 times since /)])
    expect((await fetch(`${url}/api/reports/${reference}`, { headers: { 'x-receipt': receipt } }).then(answer => answer.json()) as { access: unknown[] }).access).toHaveLength(4)
  })

  it('the second of two officers hears that a colleague was faster', async () => {
    const { reference } = await fileReport(url)
    await at.lead.call('POST', `desk/reports/${reference}/accept`, {})

    const late = await at.officer.call('POST', `desk/reports/${reference}/status`, { status: 'closed', closedReason: 'unfounded', fromStatus: 'received', publicText: 'Nothing there.' })

    expect([late.status, codeOf(late.body)]).toEqual([409, 'conflict'])
    expect((await open(at.officer, reference)).report.status).toBe('triaged')
  })

  it('a letter sent twice with one id arrives once, and the reporter reads it', async () => {
    const { reference, receipt } = await fileReport(url)
    const letter = { id: crypto.randomUUID(), text: 'Which lamp is it? <b>Number</b>?' }

    await at.officer.call('POST', `desk/reports/${reference}/messages`, letter)
    await at.officer.call('POST', `desk/reports/${reference}/messages`, letter)
    const { messages } = await fetch(`${url}/api/reports/${reference}`, { headers: { 'x-receipt': receipt } }).then(answer => answer.json()) as { messages: { text: string }[] }

    expect(messages.map(({ text }) => text)).toEqual([letter.text])
  })

  it('a note stays at the desk', async () => {
    const { reference, receipt } = await fileReport(url)

    await at.officer.call('POST', `desk/reports/${reference}/notes`, { text: 'The neighbour is known to us.' })
    const tracked = await fetch(`${url}/api/reports/${reference}`, { headers: { 'x-receipt': receipt } }).then(answer => answer.text())

    expect((await open(at.officer, reference)).notes.map(({ text }) => text)).toEqual(['The neighbour is known to us.'])
    expect(tracked).not.toContain('known to us')
  })

  it('a merge closes the duplicate, and can be undone', async () => {
    const [one, other] = [await fileReport(url), await fileReport(url)]

    const merged = await at.officer.call('POST', `desk/reports/${one.reference}/merge`, { into: other.reference.toLowerCase() })
    const after = await open(at.officer, one.reference)
    const undone = await at.officer.call('POST', `desk/reports/${one.reference}/unmerge`, {})

    expect(merged.body).toEqual({ into: other.reference })
    expect(after.report).toMatchObject({ status: 'closed', closedReason: 'duplicate', mergedInto: other.reference })
    expect(undone.body).toMatchObject({ revisits: [{ step: 1, level: 'officer', mayVisit: true, stoppedAt: null }] })
    expect((await open(at.officer, one.reference)).report).toMatchObject({ status: 'triaged', mergedInto: null })
  })

  it('an officer takes and gives back, but only a lead hands out', async () => {
    const { reference } = await fileReport(url)
    const { userId } = (await at.officer2.call('GET', 'desk/me')).body as { userId: string }

    const taken = await at.officer.call('POST', `desk/reports/${reference}/assign`, { assignee: 'me' })
    const pushed = await at.officer.call('POST', `desk/reports/${reference}/assign`, { assignee: userId })
    const handed = await at.lead.call('POST', `desk/reports/${reference}/assign`, { assignee: userId })

    expect([taken.status, pushed.status, handed.status]).toEqual([200, 403, 200])
    expect((await at.officer2.call('GET', `desk/reports/${reference}`)).status).toBe(200)
  })

  it('a lead bans an account; its next report is accepted, hidden and released by hand', async () => {
    const named = { contact: { mode: 'named', name: 'Bo' }, by: at.resident }
    const { reference } = await fileReport(url, named)

    const banned = await at.lead.call('POST', `desk/reports/${reference}/ban`, { reason: 'Sends the same thing every hour.' })
    const next = await fileReport(url, named)
    const hidden = inboxPageSchema.parse((await at.lead.call('GET', 'desk/reports?view=hidden&limit=100')).body).reports.map(report => report.reference)
    const { bans } = bansSchema.parse((await at.lead.call('GET', 'desk/bans')).body)
    const ban = bans.find(({ liftedAt }) => liftedAt === null)
    const lifted = await at.lead.call('DELETE', `desk/bans/${ban?.id}`)
    await at.lead.call('POST', `desk/reports/${next.reference}/release`, {})

    expect(banned.status).toBe(204)
    expect(hidden).toContain(next.reference)
    expect(ban?.reason).toBe('Sends the same thing every hour.')
    expect([lifted.status, (await at.lead.call('DELETE', `desk/bans/${ban?.id}`)).status]).toEqual([204, 404])
    expect((await open(at.lead, next.reference)).report.isHidden).toBe(false)
  })

  it('an opening stands in the log, with who and why', async () => {
    const { reference } = await fileReport(url)
    await open(at.officer, reference)

    const { body } = await at.auditor.call('GET', `desk/audit?reference=${reference}`)

    expect(body).toMatchObject({ entries: [{ action: 'report.opened', actorRole: 'officer', reference, details: { purpose: 'handling' } }, { action: 'report.submitted' }] })
  })
})

describe('evidence', () => {
  async function attach(file: Blob) {
    const { reference, receipt } = await fileReport(url)
    const body = new FormData()
    body.set('file', file, 'holiday <b>.jpg')
    const sent = await fetch(`${url}/api/reports/${reference}/attachments`, { method: 'POST', headers: { 'x-receipt': receipt }, body })
    expect(sent.status, await sent.clone().text()).toBe(201)
    const [attachment] = (await open(at.officer, reference)).attachments
    return `${url}/api/desk/attachments/${attachment?.id}`
  }
  const signedIn = async (account: string) => {
    const answer = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }, body: JSON.stringify({ email: `${account}@demo.linli`, password: 'linli-demo' }) })
    return { headers: { cookie: answer.headers.getSetCookie().map(line => line.split(';')[0]).join('; ') } }
  }

  it('a picture is shown as a viewing copy, to those who may see the report', async () => {
    const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#0b6b57' } }).png().toBuffer()
    const address = await attach(new Blob([new Uint8Array(picture)], { type: 'image/png' }))

    const seen = await fetch(address, await signedIn('officer'))
    const facts = await sharp(Buffer.from(await seen.arrayBuffer())).metadata()

    expect([facts.width, facts.height]).toEqual([40, 30])
    expect(seen.headers.get('content-type')).toMatch(/^image\//)
    expect(seen.headers.get('x-content-type-options')).toBe('nosniff')
    expect(seen.headers.get('content-security-policy')).toContain('sandbox')
    expect([(await fetch(address, await signedIn('officer2'))).status, (await fetch(address)).status]).toEqual([404, 401])
  })

  it('anything else is handed over for saving and never opened in the page', async () => {
    const address = await attach(new Blob(['%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF'], { type: 'application/pdf' }))

    const seen = await fetch(address, await signedIn('officer'))

    expect(seen.headers.get('content-disposition')).toMatch(/^attachment; filename="LL-[\w-]+\.pdf"$/)
    expect(seen.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await seen.text()).toContain('%PDF-1.4')
  })
})

describe('the inbox', () => {
  it('is paged without gaps or repeats, newest first, and shows no texts', async () => {
    const secret = `Unheard-of words ${crypto.randomUUID()}`
    for (let count = 0; count < 3; count++) await fileReport(url, { description: secret })
    let raw = ''
    const readAll = async (limit: number) => {
      const found: { reference: string, receivedAt: string }[] = []
      let cursor: string | null = ''
      do {
        const { body } = await at.chief.call('GET', `desk/reports?limit=${limit}${cursor && `&cursor=${cursor}`}`)
        raw += JSON.stringify(body)
        const page = inboxPageSchema.parse(body)
        found.push(...page.reports)
        cursor = page.nextCursor
      } while (cursor)
      return found
    }

    const inSmallPages = await readAll(7)
    const inLargePages = await readAll(100)

    // Other tests file reports meanwhile: they stand above the first that was read before.
    const since = inLargePages.findIndex(({ reference }) => reference === inSmallPages[0]?.reference)
    expect(inSmallPages.map(({ reference }) => reference)).toEqual(inLargePages.slice(since).map(({ reference }) => reference))
    expect(inLargePages.map(({ receivedAt }) => Date.parse(receivedAt))).toEqual(inLargePages.map(({ receivedAt }) => Date.parse(receivedAt)).toSorted((a, b) => b - a))
    expect(raw).not.toContain(secret)
  })

  it('finds a reference as it was dictated, and words of a summary', async () => {
    const { reference } = await fileReport(url)
    const word = `lamp${crypto.randomUUID().slice(0, 8)}`
    await at.officer.call('POST', `desk/reports/${reference}/summary`, { summary: `Dark ${word} at the corner` })

    const search = async (q: string) => inboxPageSchema.parse((await at.officer.call('GET', `desk/reports?q=${encodeURIComponent(q)}`)).body).reports.map(report => report.reference)

    expect(await search(reference.toLowerCase().replaceAll('-', ' '))).toEqual([reference])
    expect(await search(word.toUpperCase())).toEqual([reference])
  })

  it('narrows down by state, kind, hands and days', async () => {
    const { reference } = await fileReport(url, { category: 'traffic' })
    await at.officer.call('POST', `desk/reports/${reference}/assign`, { assignee: 'me' })
    const list = async (query: string) => inboxPageSchema.parse((await at.officer.call('GET', `desk/reports?limit=100&${query}`)).body).reports
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date())

    const mine = await list(`status=received,triaged&category=traffic&assigned=me&from=${today}&to=${today}`)

    expect(mine.map(report => report.reference)).toContain(reference)
    expect(mine.every(({ category, status }) => category === 'traffic' && status !== 'closed')).toBe(true)
    expect((await list('to=2020-01-01')).length).toBe(0)
    expect((await list('overdue=1')).every(({ clock }) => clock.some(({ state }) => state === 'overdue'))).toBe(true)
  })
})

describe('the demo mailbox', () => {
  it('is open without sign-in, and its mails say nothing of what a report is about', async () => {
    const secret = `Words ${crypto.randomUUID()}`
    const email = `a${crypto.randomUUID()}@example.test`
    const { reference } = await fileReport(url, { description: secret, contact: { mode: 'named', name: 'Ana', email } })

    const { status, body } = await at.guest.call('GET', 'desk/mailbox')
    const mail = (body as { mails: { to: string, subject: string, body: string }[] }).mails.find(({ to }) => to === email)

    expect(status).toBe(200)
    expect(mail?.body).toContain(reference)
    expect(`${mail?.subject} ${mail?.body}`).not.toContain(secret)
    expect(mail?.subject).not.toContain(reference)
  })
})
