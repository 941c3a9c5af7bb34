import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { inboxPageSchema, deskReportSchema } from '#shared/reports/desk-schema'
import { textLimits } from '#shared/reports/report-schema'
import { submittedSchema, trackedReportSchema } from '#shared/reports/report-answers'
import { forEach, isStorable, naughtyStrings, someNaughtyStrings } from './naughty-strings.ts'
import { aKey, anAddress, aReport, aReportBody, breachOfHeaders, problemOf, send, signedIn, type Answered } from './portal-client.ts'

/** What the API takes of a text: all of it, but blanks around it. */
const fits = (text: string, longest: number) => isStorable(text) && text.trim().length <= longest
const path = (text: string) => [...Buffer.from(text, 'utf8')].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')

/** Stored, or refused with a sentence for one of the fields. */
function refusalOf(answer: Answered, fields: string[]) {
  const problem = problemOf(answer)
  expect([413, 422]).toContain(problem.status)
  if (problem.status === 422) {
    const named = Object.keys(problem.errors ?? {})
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(name => !fields.includes(name)), answer.text).toEqual([])
  }
}

describe('naughty strings in a report', () => {
  it('are stored exactly, or refused with a sentence, in every free text', async () => {
    await forEach(naughtyStrings, 6, async (text) => {
      const fields = ['description', 'address', 'occurredText', 'answers.good_outcome', 'contact.name', 'contact.safeContact']
      const answer = await send('POST', '/api/reports', { json: await aReportBody({
        description: text, address: text, occurredText: text, answers: { good_outcome: text }, contact: { mode: 'named', name: text, safeContact: text }, community: 'ping-an',
      }) })
      if (answer.status !== 201) {
        refusalOf(answer, fields)
        expect(text.trim() !== '' && fits(text, textLimits.name), `should have been stored: ${JSON.stringify(text)} ${answer.text}`).toBe(false)
        return
      }
      const { reference, receipt } = submittedSchema.parse(answer.body)
      const kept = trackedReportSchema.parse((await send('GET', `/api/reports/${reference}`, { receipt })).body).content
      expect(kept).toEqual({ description: text.trim(), address: text.trim(), occurredText: text.trim(), answers: { good_outcome: text.trim() } })
    })
  }, 240_000)

  it('long ones are stored in the description alone', async () => {
    await forEach(naughtyStrings.filter(text => text.trim().length > textLimits.name), 4, async (text) => {
      const answer = await send('POST', '/api/reports', { json: await aReportBody({ description: text }) })
      if (!fits(text, textLimits.description)) return refusalOf(answer, ['description'])
      const { reference, receipt } = submittedSchema.parse(answer.body)
      expect(trackedReportSchema.parse((await send('GET', `/api/reports/${reference}`, { receipt })).body).content?.description).toBe(text.trim())
    })
  }, 60_000)

  it.each(['phone', 'email'])('are stored or refused as %s', async (field) => {
    await forEach(someNaughtyStrings(4), 6, async (text) => {
      const answer = await send('POST', '/api/reports', { json: await aReportBody({ contact: { mode: 'named', name: 'Amina', [field]: text } }) })
      if (answer.status !== 201) refusalOf(answer, [`contact.${field}`])
    })
  }, 120_000)

  it.each(['category', 'community', 'grid', 'occurredAt', 'locale', 'altcha', 'idempotencyKey', 'unheardOf'])('never break the field %s', async (field) => {
    await forEach(someNaughtyStrings(12), 6, async (text) => {
      const answer = await send('POST', '/api/reports', { json: await aReportBody({ [field]: text }) })
      expect([201, 403, 409, 413, 422], `${JSON.stringify(text)} ${answer.text}`).toContain(answer.status)
      if (answer.status !== 201) problemOf(answer)
    })
  }, 120_000)

  it('never break as the code of an answer', async () => {
    await forEach(someNaughtyStrings(12), 6, async (text) => {
      const answer = await send('POST', '/api/reports', { json: await aReportBody({ answers: { [text]: 'x', good_outcome: [text, text] } }) })
      expect([201, 413, 422], answer.text).toContain(answer.status)
    })
  }, 60_000)
})

describe('naughty strings on the way back', () => {
  it('in a letter are stored exactly or refused', async () => {
    const report = await aReport()
    const sent = new Map<string, string>()
    await forEach(naughtyStrings, 4, async (text) => {
      const id = aKey()
      const answer = await send('POST', `/api/reports/${report.reference}/messages`, { receipt: report.receipt, json: { id, text } })
      if (answer.status === 201) sent.set(id, text.trim())
      else {
        refusalOf(answer, ['text'])
        expect(text.trim() !== '' && fits(text, textLimits.message), `should have been stored: ${JSON.stringify(text)}`).toBe(false)
      }
    })
    const { messages } = trackedReportSchema.parse((await send('GET', `/api/reports/${report.reference}`, { receipt: report.receipt, timeoutMs: 20_000 })).body)

    expect(Object.fromEntries(messages.map(({ id, text }) => [id, text]))).toEqual(Object.fromEntries(sent))
  }, 240_000)

  it('as a reference, a receipt, a file and an address answer 404 or 400', async () => {
    await forEach(someNaughtyStrings(3).filter(text => text !== '' && text.length < 3_000 && text.isWellFormed()), 6, async (text) => {
      const header = Buffer.from(text).toString('latin1').replaceAll(/[^\t\x20-\x7E\x80-\xFF]/g, '')
      const answers = [
        await send('GET', `/api/reports/${path(text)}`, { receipt: '0'.repeat(24) }), await send('GET', '/api/reports/LL-7K3Q-9XPA', { receipt: header }),
        await send('GET', `/api/reports/LL-7K3Q-9XPA/attachments/${path(text)}`, { receipt: header }), await send('GET', `/api/${path(text)}`),
      ]
      for (const answer of answers) expect([400, 404], `${JSON.stringify(text)} ${answer.text}`).toContain(answer.status)
    })
  }, 120_000)

  it.each(['%', '%E0%A4%A', '%ED%A0%80', '%FF', '%00', '..%2f', '%c0%ae'])('the broken address %s is no fault of ours', async (tail) => {
    for (const start of ['/api/reports/', '/api/', '/zh/', '/']) expect([200, 302, 400, 404]).toContain((await send('GET', start + tail)).status)
  })
})

describe('naughty strings at the desk', () => {
  let reference = ''
  let cookie = ''
  beforeAll(async () => {
    ({ reference } = await aReport({ community: 'ping-an' }))
    cookie = await signedIn('lead')
  })

  it.each([['messages', 'text', textLimits.message], ['notes', 'text', textLimits.message]] as const)('in %s are stored exactly or refused', async (act, field, longest) => {
    const texts = someNaughtyStrings(6)
    const stored: string[] = []
    await forEach(texts, 4, async (text) => {
      const answer = await send('POST', `/api/desk/reports/${reference}/${act}`, { cookie, json: { [field]: text } })
      if (answer.status === 200) stored.push(text.trim())
      else {
        refusalOf(answer, [field])
        expect(text.trim() !== '' && fits(text, longest), `should have been stored: ${JSON.stringify(text)}`).toBe(false)
      }
    })
    const opened = deskReportSchema.parse((await send('GET', `/api/desk/reports/${reference}`, { cookie, timeoutMs: 20_000 })).body)

    expect(opened[act].map(({ text }) => text).sort()).toEqual(stored.sort())
  }, 120_000)

  it('in the summary are stored exactly or refused', async () => {
    for (const text of someNaughtyStrings(12)) {
      const answer = await send('POST', `/api/desk/reports/${reference}/summary`, { cookie, json: { summary: text } })
      if (answer.status !== 204) {
        refusalOf(answer, ['summary'])
        continue
      }
      const { reports } = inboxPageSchema.parse((await send('GET', `/api/desk/reports?q=${reference}`, { cookie })).body)
      expect(reports[0]?.summary ?? '').toBe(text.trim())
    }
  }, 120_000)

  it('as a search, a cursor, a filter or a ban answer a page or a refusal', async () => {
    await forEach(someNaughtyStrings(8).filter(text => text.length < 3_000 && text.isWellFormed()), 4, async (text) => {
      for (const name of ['q', 'cursor', 'category', 'status', 'from', 'limit', 'assigned', 'grid', 'urgent', 'view']) {
        const answer = await send('GET', `/api/desk/reports?${name}=${path(text)}`, { cookie })
        expect([200, 422], `${name} ${JSON.stringify(text)} ${answer.text}`).toContain(answer.status)
      }
      for (const name of ['cursor', 'action', 'reference', 'actor']) expect([200, 403, 422]).toContain((await send('GET', `/api/desk/audit?${name}=${path(text)}`, { cookie })).status)
      expect([404]).toContain((await send('DELETE', `/api/desk/bans/${path(text) || 'x'}`, { cookie })).status)
    })
  }, 240_000)

  it('as the sentence of a state, the reason of a ban or the other report answer a refusal at most', async () => {
    const { reference: banned } = await aReport({ community: 'ping-an', contact: { mode: 'named' } }, { cookie: await signedIn('resident2') })
    await forEach(someNaughtyStrings(24), 3, async (text) => {
      for (const [act, json] of [['merge', { into: text }], ['assign', { assignee: text }], ['status', { status: text, publicText: text, note: text }], ['accept', { publicText: text, note: text }]] as const) {
        const answer = await send('POST', `/api/desk/reports/${act === 'accept' ? banned : reference}/${act}`, { cookie, json })
        expect([200, 404, 409, 413, 422], `${act} ${JSON.stringify(text)} ${answer.text}`).toContain(answer.status)
      }
    })
  }, 120_000)
})

describe('naughty strings at sign-in', () => {
  it('are refused alike', async () => {
    // Six at a time, not two: a refused sign-in is answered after a whole second, whatever was wrong, so that its time tells nothing. One after the other,
    // 24 texts twice would only wait; nothing here depends on their order, since each has an address and an account name of its own.
    await forEach(someNaughtyStrings(24), 6, async (text) => {
      const byPassword = await send('POST', '/api/session', { json: { email: `${crypto.randomUUID()}@example.com`, password: text } })
      const byEmail = await send('POST', '/api/session', { json: { email: text, password: 'x' } })

      for (const answer of [byPassword, byEmail]) expect([401, 413, 422], `${JSON.stringify(text)} ${answer.text}`).toContain(answer.status)
    })
  }, 120_000)
})

describe('hostile JSON', () => {
  const raw = (text: string) => send('POST', '/api/reports', { body: text, headers: { 'content-type': 'application/json' } })
  const deep = 100_000

  it.each([
    ['lists in lists', '['.repeat(deep) + ']'.repeat(deep)],
    ['objects in objects', '{"a":'.repeat(40_000) + '1' + '}'.repeat(40_000)],
    ['lists in an answer', `{"answers":{"a":${'['.repeat(deep)}${']'.repeat(deep)}}}`],
    ['lists in a field nobody asked for', `{"x":${'['.repeat(deep)}${']'.repeat(deep)}}`],
    ['lists that never close', '['.repeat(200_000)],
    ['a number beyond all', '{"location":{"lat":1e999,"lng":-1e999}}'],
    ['a number of many digits', `{"location":{"lat":${'9'.repeat(100_000)},"lng":0}}`],
    ['very many members', `{${Array.from({ length: 20_000 }, (_, count) => `"k${count}":1`).join(',')}}`],
    ['an empty text', ''],
    ['a byte order mark', '\uFEFF{}'],
    ['a prototype', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}'],
  ])('%s: refused in words', async (_, text) => {
    const problem = problemOf(await raw(text))

    expect([400, 413, 422]).toContain(problem.status)
    expect('isAdmin' in {}).toBe(false)
  })

  it('of a member given twice the last counts, as everywhere in JSON', async () => {
    const body = JSON.stringify(await aReportBody())
    const answer = await raw(`{"description":"first",${body.slice(1)}`)
    const { reference, receipt } = submittedSchema.parse(answer.body)

    expect(trackedReportSchema.parse((await send('GET', `/api/reports/${reference}`, { receipt })).body).content?.description).toBe('Drilling at night')
  })

  it('every field refuses every wrong type', async () => {
    const wrong = [null, true, 0, -1, 1.5, [], [[]], {}, { length: 3 }, ['a'], 'a'.repeat(70)]
    for (const field of ['category', 'community', 'grid', 'location', 'address', 'occurredAt', 'occurredText', 'description', 'answers', 'contact', 'locale', 'altcha', 'idempotencyKey']) {
      for (const value of wrong) {
        const answer = await send('POST', '/api/reports', { json: await aReportBody({ [field]: value }) })
        expect([201, 403, 422], `${field} ${JSON.stringify(value)} ${answer.text}`).toContain(answer.status)
      }
    }
  }, 60_000)
})

describe('naughty strings in the forms of pages', () => {
  const folder = join(import.meta.dirname, '../../server/routes/[locale]')
  const forms = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.name.endsWith('.post.ts'))
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length).replace(/(\/index)?\.post\.ts$/, '')).sort()
  const names = [
    'description', 'address', 'text', 'reference', 'receipt', 'email', 'password', 'code', 'name', 'phone', 'safeContact', 'category', 'grid', 'lat', 'lng', 'date', 'time', 'when', 'mode', 'message',
    'answers.good_outcome', 'answers.about', 'unknown', 'danger', 'locale', 'community', 'idempotencyKey', 'altcha', 'from', 'next', 'id', 'newPassword', 'displayName', 'revisit', 'answer', 'comment',
  ]
  const encode = (text: string) => text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80'
  let cookie = ''
  let reference = ''

  async function post(address: string, values: Record<string, string>, from = anAddress()) {
    const response = await fetch(`${inject('portal').url}/en${address}`, {
      method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(5_000), body: Object.entries(values).map(([name, text]) => `${encodeURIComponent(name)}=${encode(text)}`).join('&'),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin', 'x-forwarded-for': from, ...(cookie && { cookie }) },
    })
    const answer = { status: response.status, headers: response.headers, text: await response.text() }
    expect(breachOfHeaders(answer.headers), address).toEqual([])
    return answer
  }

  beforeAll(async () => {
    const report = await aReport()
    reference = report.reference
    const started = [await post('/reports/new', { danger: 'no' }), await post('/reports/new/category', { category: 'noise_dispute' })]
    cookie = started.flatMap(({ headers }) => headers.getSetCookie()).map(line => line.split(';')[0]).join('; ')
  })

  it('are refused or taken by every form, and never break one', async () => {
    expect(forms.length).toBeGreaterThan(0)
    const before = cookie
    for (const form of forms) {
      cookie = before
      await forEach(someNaughtyStrings(40), 3, async (text) => {
        const { status, text: page } = await post(form.replace('[reference]', reference), Object.fromEntries(names.map(name => [name, text])))
        // The check answers on its own page.
        expect([...form === '/alerts/check' ? [200] : [], 303, 401, 403, 404, 413, 422, 429], `${form} ${JSON.stringify(text).slice(0, 80)}`).toContain(status)
        expect(page).not.toMatch(/\bat \S+ \(|node_modules|PGRST/)
      })
    }
    cookie = before
  }, 300_000)

  it('come back in the page exactly as they were typed, and run nothing', async () => {
    const decode = (html: string) => html.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', '\'').replaceAll('&amp;', '&')
    for (const text of someNaughtyStrings(12).filter(text => isStorable(text) && text.trim() && text.length <= 20_000)) {
      // Required answers are missing, so the page comes again with what was typed.
      const { status, text: page } = await post('/reports/new/details', { description: text })
      expect([303, 422]).toContain(status)
      if (status === 303) continue
      const typed = /<textarea[^>]*name="description"[^>]*>([\s\S]*?)<\/textarea>/.exec(page)?.[1]
      expect(decode(typed ?? '').replace(/^\n/, '')).toBe(text.replaceAll('\r\n', '\n').replace(/^\n/, ''))
      expect(page).not.toContain('<script>alert')
    }
  }, 120_000)
})
