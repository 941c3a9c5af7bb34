import { beforeAll, describe, expect, inject, it } from 'vitest'
import { categoryListSchema, keptMessageSchema, submittedSchema, trackedReportSchema } from '#shared/reports/report-answers'
import { challengeSchema } from '#shared/trust/challenge-schema'
import { solvedChallenge } from '../solve-challenge.ts'
import { roomInWindow } from '../window-room.ts'
import { aChallenge, aKey, anAddress, aReport, aReportBody, problemOf, send, signedIn, signIn } from './portal-client.ts'

const track = (reference: string, receipt?: string, from?: string) => send('GET', `/api/reports/${reference}`, { ...(receipt !== undefined && { receipt }), ...(from && { from }) })

describe('GET /api/categories', () => {
  it('gives the service list in the language asked for, or in that of the browser', async () => {
    const zh = categoryListSchema.parse((await send('GET', '/api/categories?locale=zh')).body)
    const en = categoryListSchema.parse((await send('GET', '/api/categories?locale=en')).body)
    const byHeader = (await send('GET', '/api/categories', { headers: { 'accept-language': 'en-GB,zh;q=0.5' } })).body

    expect(zh.map(({ code }) => code)).toEqual(en.map(({ code }) => code))
    expect(zh[0]?.name).toMatch(/\p{Script=Han}/u)
    expect(en[0]?.name).toMatch(/^[A-Z]/)
    expect(byHeader).toEqual(en)
  })

  it('refuses a language that is not there, in words', async () => {
    const problem = problemOf(await send('GET', '/api/categories?locale=xx'))

    expect(problem).toMatchObject({ status: 422, code: 'invalid' })
    expect(Object.keys(problem.errors ?? {})).toEqual(['locale'])
  })
})

describe('POST /api/reports', () => {
  it('takes a report with a challenge solved as a page solves it, and gives reference, receipt, statement and clock', async () => {
    const challenge = await send('GET', '/api/challenge')
    expect(challengeSchema.parse(challenge.body).parameters.cost).toBe(1000)

    const answer = await send('POST', '/api/reports', { json: await aReportBody({ altcha: await solvedChallenge(inject('portal').url, { 'x-forwarded-for': anAddress() }) }) })

    expect(answer.status).toBe(201)
    const sent = submittedSchema.parse(answer.body)
    expect(sent.statement).toMatchObject({ number: 1, reference: sent.reference, attachments: [], previous: null })
    expect(sent.clock.map(({ kind, state }) => [kind, state])).toEqual([['first_look', 'running'], ['answer', 'running']])
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('keeps what was written and gives it back to whoever has the receipt', async () => {
    const { reference, receipt } = await aReport({
      description: '  深夜装修 🔨\nevery night  ', address: '平安路 12', occurredText: 'around midnight', community: 'ping-an', contact: { mode: 'sealed', name: 'Wang', email: 'wang@example.org' },
    })

    const report = trackedReportSchema.parse((await track(reference, receipt)).body)

    expect(report).toMatchObject({ reference, viewer: 'reporter', status: 'received', category: 'noise_dispute', contactMode: 'sealed', messages: [], access: [] })
    expect(report.content).toMatchObject({ description: '深夜装修 🔨\nevery night', address: '平安路 12', occurredText: 'around midnight' })
    expect(report.community?.en).toBeTruthy()
    expect(report.timeline).toHaveLength(1)
  })

  it('shows the call card when the words tell of present danger, and takes the report all the same', async () => {
    const { emergency } = await aReport({ description: 'He has a knife and is trying to get into my flat right now, help' })

    expect(emergency).toMatchObject({ service: 'police', number: '110' })
  })

  const refused: [string, () => Promise<Record<string, unknown>> | Record<string, unknown>, number, string, string[]][] = [
    ['without anything', () => ({}), 422, 'invalid', ['altcha', 'category', 'contact', 'description', 'locale']],
    ['without a description', () => aReportBody({ description: '   ' }), 422, 'invalid', ['description']],
    ['with a description that is too long', () => aReportBody({ description: 'x'.repeat(20_001) }), 422, 'invalid', ['description']],
    ['of an unknown category', () => aReportBody({ category: 'weather' }), 422, 'invalid', ['category']],
    ['at a place beyond the poles', () => aReportBody({ location: { lat: 91, lng: 0 } }), 422, 'invalid', ['location.lat']],
    ['at a time that is none', () => aReportBody({ occurredAt: 'yesterday' }), 422, 'invalid', ['occurredAt']],
    ['with a telephone number that is none', () => aReportBody({ contact: { mode: 'named', phone: 'call me' } }), 422, 'invalid', ['contact.phone']],
    ['with a mail address that is none', () => aReportBody({ contact: { mode: 'named', email: 'nobody' } }), 422, 'invalid', ['contact.email']],
    ['in an unknown contact mode', () => aReportBody({ contact: { mode: 'loud' } }), 422, 'invalid', ['contact.mode']],
    ['in an unknown language', () => aReportBody({ locale: 'xx' }), 422, 'invalid', ['locale']],
    ['with an idempotency key that could be guessed', () => aReportBody({ idempotencyKey: 'x'.repeat(21) }), 422, 'invalid', ['idempotencyKey']],
    ['with text that cannot be stored', () => aReportBody({ description: 'a\0b' }), 422, 'invalid', ['description']],
    ['without a challenge', () => aReportBody({ altcha: undefined }), 422, 'invalid', ['altcha']],
    ['with an empty challenge', () => aReportBody({ altcha: '' }), 403, 'challenge_failed', []],
  ]
  it.each(refused)('refuses one %s, and says what to change in both languages', async (_, body, status, code, fields) => {
    const json = await body()
    const en = problemOf(await send('POST', '/api/reports', { json, headers: { 'accept-language': 'en' } }))
    const zh = problemOf(await send('POST', '/api/reports', { json, headers: { 'accept-language': 'zh-CN' } }))

    expect(en).toMatchObject({ status, code })
    expect(Object.keys(en.errors ?? {}).sort()).toEqual(fields)
    expect(Object.keys(zh.errors ?? {}).sort()).toEqual(fields)
    for (const sentence of [zh.title, zh.detail, ...Object.values(zh.errors ?? {})]) expect(sentence).toMatch(/\p{Script=Han}/u)
    for (const sentence of [en.title, en.detail, ...Object.values(en.errors ?? {})]) expect(sentence).not.toMatch(/\p{Script=Han}/u)
  })

  it.each([
    ['that is no JSON', { body: '{"category":', headers: { 'content-type': 'application/json' } }, 400, 'malformed'],
    ['that is not UTF-8', { body: Buffer.from([0x7B, 0xFF, 0x7D]), headers: { 'content-type': 'application/json' } }, 400, 'malformed'],
    ['that is a list', { json: [] }, 422, 'invalid'],
    ['that is null', { json: null }, 422, 'invalid'],
    ['under another type', { body: '{}', headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_type'],
    ['under the type of a form', { body: 'category=noise', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'unsupported_type'],
    ['beyond 256 KB', { json: { description: 'x'.repeat(300_000) } }, 413, 'too_large'],
  ])('refuses a body %s', async (_, sent, status, code) => {
    expect(problemOf(await send('POST', '/api/reports', sent))).toMatchObject({ status, code })
  })
})

describe('sending twice', () => {
  it('20 identical sends, ten of them at once, make one report with one reference and one receipt', async () => {
    const json = await aReportBody({ description: `sent often ${aKey()}` })
    const from = anAddress()
    const answers = []
    for (let count = 0; count < 5; count++) answers.push(await send('POST', '/api/reports', { json, from }))
    answers.push(...await Promise.all(Array.from({ length: 10 }, () => send('POST', '/api/reports', { json, from }))))
    for (let count = 0; count < 5; count++) answers.push(await send('POST', '/api/reports', { json, from }))

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201))
    expect(new Set(answers.map(({ text }) => text)).size, 'the very same answer').toBe(1)
    const { reference, receipt } = submittedSchema.parse(answers[0]?.body)
    expect(trackedReportSchema.parse((await track(reference, receipt)).body).timeline).toHaveLength(1)
  })

  it('ten at once that nobody has seen before make one report too', async () => {
    const json = await aReportBody()
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('POST', '/api/reports', { json })))

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })

  it('the same key with another text is a conflict, and the first report stays as it is', async () => {
    const json = await aReportBody({ description: 'the first text' })
    const first = await aReport(json)

    const second = await send('POST', '/api/reports', { json: { ...json, description: 'another text', altcha: await aChallenge() } })

    expect(problemOf(second)).toMatchObject({ status: 409, code: 'idempotency_conflict' })
    expect(trackedReportSchema.parse((await track(first.reference, first.receipt)).body).content?.description).toBe('the first text')
  })

  it('two keys make two reports, with two receipts', async () => {
    const [one, two] = [await aReport(), await aReport()]

    expect(one.reference).not.toBe(two.reference)
    expect(one.receipt).not.toBe(two.receipt)
  })
})

describe('GET /api/reports/{reference}', () => {
  it('opens with reference and receipt however they are typed', async () => {
    const { reference, receipt } = await aReport()
    const typed = receipt.toLowerCase().replace(/(.{4})/g, '$1 ').replaceAll('0', 'o').replaceAll('1', 'l')

    expect((await track(reference.toLowerCase().replaceAll('-', ''), typed)).status).toBe(200)
  })

  it('answers a wrong receipt, an unknown reference, no receipt and nonsense with the same 404', async () => {
    const { reference } = await aReport()
    const other = await aReport()
    const answers = await Promise.all([
      track(reference, '0'.repeat(24)), track('LL-0000-0000', '0'.repeat(24)), track(reference, other.receipt), track('LL-0000-0000', other.receipt),
      track(reference), track(reference, ''), track(reference, 'x'.repeat(4000)), track('nonsense', other.receipt), track('%00', other.receipt), track('..%2f..%2fetc', other.receipt), track('%F0%9F%98%80', 'a'),
    ])

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(problemOf(answers[0]!)).toMatchObject({ status: 404, code: 'not_found' })
  })

  it('takes as long for a wrong receipt as for an unknown reference', async () => {
    const { reference } = await aReport()
    const times = { wrong: [] as number[], unknown: [] as number[] }
    for (let count = 0; count < 220; count++) {
      for (const [kind, name] of count % 2 ? [['wrong', reference], ['unknown', 'LL-7K3Q-9XPA']] as const : [['unknown', 'LL-7K3Q-9XPA'], ['wrong', reference]] as const) {
        const startedAt = performance.now()
        await track(name, `${'0'.repeat(20)}${String(1000 + count)}`)
        if (count >= 20) times[kind].push(performance.now() - startedAt)
      }
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
    const ratio = median(times.wrong) / median(times.unknown)

    expect(Math.max(ratio, 1 / ratio), JSON.stringify({ wrong: median(times.wrong), unknown: median(times.unknown) })).toBeLessThan(1.25)
  })

  it('holds an address that goes on guessing, and nobody else', async () => {
    const { reference, receipt } = await aReport()
    const from = anAddress()
    await roomInWindow(600, 10)
    const guesses = []
    for (let count = 0; count < 25; count++) guesses.push(await track(reference, '0'.repeat(24), from))

    expect(guesses.slice(0, 20).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 404))
    const held = guesses.at(-1)!
    expect(problemOf(held)).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(0)
    const right = await track(reference, receipt, from)
    expect({ status: right.status, body: right.body }, 'the limit tells a right receipt from a wrong one').toEqual({ status: held.status, body: held.body })
    expect((await track(reference, receipt)).status, 'strangers lock nobody out').toBe(200)
    expect((await track(reference, '0'.repeat(24))).status).toBe(404)
  })

  it('counts guesses at withdraw and at files with those', async () => {
    const { reference } = await aReport()
    const from = anAddress()
    const guess = (count: number) => count % 2
      ? send('POST', `/api/reports/${reference}/withdraw`, { receipt: '0'.repeat(24), from })
      : send('GET', `/api/reports/${reference}/attachments/5d1f0c2a-0000-4000-8000-000000000000`, { receipt: '0'.repeat(24), from })
    await roomInWindow(600, 10)
    for (let count = 0; count < 20; count++) expect((await guess(count)).status).toBe(404)

    expect([(await guess(0)).status, (await guess(1)).status, (await track(reference, '0'.repeat(24), from)).status]).toEqual([429, 429, 429])
  })
})

describe('letters and taking back', () => {
  it('a letter arrives once, however often it is sent, and both sides read it', async () => {
    const { reference, receipt } = await aReport({ community: 'ping-an' })
    const json = { id: aKey(), text: 'It happened again\n第二次' }
    const sent = keptMessageSchema.parse((await send('POST', `/api/reports/${reference}/messages`, { receipt, json })).body)
    await send('POST', `/api/reports/${reference}/messages`, { receipt, json })

    const cookie = await signedIn('officer')
    expect((await send('POST', `/api/desk/reports/${reference}/messages`, { cookie, json: { text: 'We are coming' } })).status).toBe(200)

    const { messages, access } = trackedReportSchema.parse((await track(reference, receipt)).body)
    expect(sent.id).toBe(json.id)
    expect(messages.map(({ author, text }) => [author, text])).toEqual([['reporter', json.text], ['staff', 'We are coming']])
    expect(access.length).toBeGreaterThanOrEqual(0)
  })

  it('a letter under the id of another letter is refused, not lost', async () => {
    const { reference, receipt } = await aReport()
    const id = aKey()
    await send('POST', `/api/reports/${reference}/messages`, { receipt, json: { id, text: 'one' } })
    const elsewhere = await aReport()

    expect(problemOf(await send('POST', `/api/reports/${elsewhere.reference}/messages`, { receipt: elsewhere.receipt, json: { id, text: 'two' } }))).toMatchObject({ status: 409, code: 'conflict' })
  })

  it.each([[{}, 'text'], [{ text: '' }, 'text'], [{ text: 'a\uD800' }, 'text'], [{ text: 5 }, 'text'], [{ text: 'a', id: '1' }, 'id']])('refuses the letter %j', async (json, field) => {
    const { reference, receipt } = await aReport()

    expect(problemOf(await send('POST', `/api/reports/${reference}/messages`, { receipt, json }))).toMatchObject({ status: 422, code: 'invalid', errors: { [field]: expect.any(String) } })
  })

  it('a report is taken back once; its text stays and its clocks stop', async () => {
    const { reference, receipt } = await aReport()
    const withdraw = () => send('POST', `/api/reports/${reference}/withdraw`, { receipt })

    expect(await withdraw()).toMatchObject({ status: 204, text: '' })
    expect(problemOf(await withdraw())).toMatchObject({ status: 409, code: 'already_withdrawn' })
    const report = trackedReportSchema.parse((await track(reference, receipt)).body)
    expect(report).toMatchObject({ status: 'closed', closedReason: 'withdrawn', content: { description: 'Drilling at night' } })
    expect(report.clock.map(({ state }) => state)).toEqual(['stopped', 'stopped'])
  })

  it.each(['messages', 'withdraw'])('%s without the receipt is the same 404 as an unknown report', async (act) => {
    const { reference } = await aReport()
    const json = { text: 'hello' }
    const wrong = await send('POST', `/api/reports/${reference}/${act}`, { receipt: '0'.repeat(24), json })
    const unknown = await send('POST', `/api/reports/LL-0000-0000/${act}`, { receipt: '0'.repeat(24), json })

    expect(problemOf(wrong).code).toBe('not_found')
    expect(unknown.text).toBe(wrong.text)
  })
})

describe('accounts and anonymity', () => {
  it('a named or sealed report opens for its owner, and for nobody else', async () => {
    for (const mode of ['named', 'sealed']) {
      const { reference } = await aReport({ contact: { mode } }, { cookie: await signedIn('resident') })

      expect((await send('GET', `/api/reports/${reference}`, { cookie: await signedIn('resident') })).status, mode).toBe(200)
      expect((await send('GET', `/api/reports/${reference}`, { cookie: await signedIn('resident2') })).status, mode).toBe(404)
    }
  })

  it('the cookie of a session that ended opens neither', async () => {
    const cookie = await signIn('resident')
    const reports = [await aReport({ contact: { mode: 'named' } }, { cookie }), await aReport({ contact: { mode: 'sealed' } }, { cookie })]
    await send('DELETE', '/api/session', { cookie })

    for (const { reference } of reports) expect([401, 404]).toContain((await send('GET', `/api/reports/${reference}`, { cookie })).status)
  })

  it('RULES B1: an anonymous report sent with a session cookie belongs to nobody and says nothing of its sender', async () => {
    const cookie = await signedIn('resident')
    const { reference, receipt } = await aReport({ contact: { mode: 'anonymous', name: 'Wang', email: 'wang@example.org' }, community: 'ping-an' }, { cookie })

    expect((await send('GET', `/api/reports/${reference}`, { cookie })).status).toBe(404)
    expect((await send('GET', `/api/reports/${reference}`, { cookie, receipt })).status).toBe(200)
    const seen = (await send('GET', `/api/desk/reports/${reference}`, { cookie: await signedIn('officer') })).body
    expect(seen).toMatchObject({ contact: null, report: { contactMode: 'anonymous', hasAccount: false } })
  })

  it('signs in and out, and says nothing about whether an account exists', async () => {
    const wrong = await send('POST', '/api/session', { json: { email: 'resident@demo.linli', password: 'not this one' } })
    const nobody = await send('POST', '/api/session', { json: { email: 'nobody@demo.linli', password: 'not this one' } })
    expect(problemOf(wrong)).toMatchObject({ status: 401, code: 'wrong_credentials' })
    expect(nobody.text).toBe(wrong.text)

    const cookie = await signIn('resident')
    const bye = await send('DELETE', '/api/session', { cookie })
    expect(bye.status).toBe(204)
    expect(bye.headers.getSetCookie().every(line => /Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(line))).toBe(true)
  })

  it('a session cookie is httpOnly, SameSite=Lax and bound to the path', async () => {
    const answer = await send('POST', '/api/session', { json: { email: 'resident@demo.linli', password: 'linli-demo' } })

    for (const line of answer.headers.getSetCookie()) expect(line).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/i)
  })

  beforeAll(async () => {
    await signedIn('resident')
  })
})
