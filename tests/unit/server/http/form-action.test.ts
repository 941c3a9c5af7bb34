import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import { choices, requiredText } from '#shared/forms/fields'
import { defineFormAction } from '#server/http/form-action'
import { definePageData, Redirect } from '#server/http/page-data'
import { wholeError } from '#server/http/to-problem'
import { startPages } from './page-server.ts'

vi.mock('nitropack/runtime', async () => (await import('./page-server.ts')).nitroRuntime)
vi.stubEnv('LINLI_DEMO', '1')
vi.stubEnv('LINLI_LOG_LEVEL', 'silent')

const page = z.object({ rendered: z.string(), method: z.string(), status: z.number(), data: z.unknown(), form: z.object({ values: z.record(z.string(), z.unknown()), errors: z.record(z.string(), z.looseObject({ key: z.string() })), idempotencyKey: z.string() }).nullable() })
const discarded: number[] = []
const received: unknown[] = []
const kept: unknown[] = []
let pages: Awaited<ReturnType<typeof startPages>>

beforeAll(async () => {
  pages = await startPages({
    'GET /:locale/notes': definePageData({
      load: ({ event }) => {
        if (event.path.endsWith('?moved')) return new Redirect('/en')
        if (event.path.endsWith('?gone')) throw new AppError('not_found')
        return { count: 3 }
      },
    }),
    'GET /:locale/notes/:id': definePageData({ params: z.object({ id: z.coerce.number() }), load: ({ params }) => ({ id: params.id }) }),
    'POST /:locale/drafts': defineFormAction({
      fields: z.object({ title: requiredText(20) }),
      keepTyped: async ({ values, locale }) => {
        kept.push(values)
        return `/${locale}/drafts`
      },
      run: () => '?sent',
    }),
    'POST /:locale/notes': defineFormAction({
      fields: z.object({ title: requiredText(20), tags: choices(z.enum(['a', 'b'])), text: z.string().optional(), secret: z.string().optional() }),
      secretFields: ['secret'],
      file: {
        name: 'file',
        maxBytes: 1000,
        receive: async (stream) => {
          let size = 0
          for await (const chunk of stream) size += Buffer.from(chunk).length
          return size
        },
        discard: async size => void discarded.push(size),
      },
      run: ({ input, file, idempotencyKey }) => {
        received.push({ ...input, file, idempotencyKey })
        if (input.title === 'too often') throw new AppError('rate_limited', { seconds: 30 })
        if (input.title === 'broken') throw new Error('a secret of the server')
        if (input.title.startsWith('to ')) return input.title.slice(3)
        return '?sent'
      },
    }),
  })
})
afterAll(() => pages.stop())

const post = (body: BodyInit, headers: Record<string, string> = {}) => pages.send('/en/notes', { method: 'POST', body, headers })
const form = (fields: Record<string, string>, file?: Blob) => {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  if (file) body.append('file', file, 'photo.jpg')
  return body
}
const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map(part => Buffer.from(part as string)))

describe('a form at its page\'s address', () => {
  it.each([['multipart', form({ title: ' Lamp ', text: 'one\r\ntwo' })], ['urlencoded', new URLSearchParams({ title: ' Lamp ', text: 'one\r\ntwo' })]])('is read as %s and answered with 303', async (_kind, body) => {
    const answer = await post(body)

    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/en/notes?sent'])
    expect(received.at(-1)).toMatchObject({ title: 'Lamp', text: 'one\ntwo', tags: [] })
  })

  it('keeps several values of one name, and the key it was sent with', async () => {
    const key = '0123456789abcdef012345'

    await post(new URLSearchParams([['title', 'Lamp'], ['tags', 'a'], ['tags', 'b'], ['idempotencyKey', key]]))

    expect(received.at(-1)).toMatchObject({ tags: ['a', 'b'], idempotencyKey: key })
  })

  it('shows the page again with what was typed, its data and what is wrong, but never a secret', async () => {
    const answer = await post(form({ title: '', text: 'kept', secret: 'receipt' }))
    const shown = page.parse(await answer.json())

    expect(answer.status).toBe(422)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(shown).toMatchObject({ rendered: '/en/notes', method: 'GET', data: { count: 3 }, form: { values: { text: 'kept' }, errors: { title: { key: 'required' } } } })
    expect(shown.form?.values).not.toHaveProperty('secret')
  })

  it('hands a file over while it comes, and puts it away when the form is refused', async () => {
    const accepted = await post(form({ title: 'Lamp' }, new Blob(['x'.repeat(900)])))
    const refused = await post(form({ title: '' }, new Blob(['x'.repeat(800)])))
    const tooBig = await post(form({ title: 'Lamp' }, new Blob(['x'.repeat(5000)])))

    expect([accepted.status, refused.status, tooBig.status]).toEqual([303, 422, 422])
    expect(received.at(-1)).toMatchObject({ file: 900 })
    expect(page.parse(await tooBig.json()).form?.errors).toMatchObject({ file: { key: 'fileMax' } })
    expect(discarded).toEqual([800, 1000])
  })

  it.each(['//evil.example', '/\\evil.example', '/\t/evil.example', 'https://evil.ex', 'javascript:alert', '\\\\evil.example'])('sends nobody to %j', async (next) => {
    const { status, headers } = await post(form({ title: `to ${next}`, tags: 'a' }))

    expect(status).toBe(500)
    expect(headers.get('location')).toBeNull()
  })

  it('RULES G1: another site, or nobody, is refused on the page and nothing is done', async () => {
    const before = received.length

    const answers = await Promise.all([{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': '', 'origin': 'https://evil.example' }, { 'sec-fetch-site': '' }].map(headers => post(form({ title: 'Lamp' }, new Blob(['x'])), headers)))

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
    expect(page.parse(await answers[0]?.json()).form?.errors.form?.key).toBe('errors.codes.cross_origin.detail')
    expect(received).toHaveLength(before)
  })

  it('too much text is a sentence on the form', async () => {
    const answers = await Promise.all([post(form({ title: 'Lamp', text: 'x'.repeat(200_000) })), post(new URLSearchParams({ title: 'Lamp', text: 'x'.repeat(200_000) })), post(form(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`field${index}`, 'x']))))])

    const [multipart] = await Promise.all(answers.map(answer => answer.json()))

    expect(answers.map(({ status }) => status)).toEqual([413, 413, 413])
    expect(page.parse(multipart).form).toMatchObject({ values: { title: 'Lamp' }, errors: { form: { key: 'errors.codes.too_large.detail' } } })
  })

  it.each([
    ['NUL', form({ title: 'Lamp', text: 'a\0b' })],
    ['NUL, urlencoded', new URLSearchParams({ title: 'Lamp', text: 'a\0b' })],
  ])('a text with %s is refused at its field', async (_what, body) => {
    expect(page.parse(await (await post(body)).json())).toMatchObject({ status: 422, form: { errors: { text: { key: 'characters' } } } })
  })

  it('bytes that are not UTF-8 are refused, not replaced', async () => {
    const urlencoded = await post('title=Lamp&text=%ED%A0%80', { 'content-type': 'application/x-www-form-urlencoded' })
    const multipart = await post(bytes('--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nLamp\r\n--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n', [0xff, 0xfe], '\r\n--b--\r\n'), { 'content-type': 'multipart/form-data; boundary=b' })

    expect([urlencoded.status, multipart.status]).toEqual([422, 422])
  })

  it('a use case may refuse with a sentence and a time', async () => {
    const answer = await post(form({ title: 'too often' }))

    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '30'])
    expect(page.parse(await answer.json()).form?.errors).toMatchObject({ form: { key: 'errors.codes.rate_limited.detail', params: { seconds: 30 } } })
  })

  it('a fault of ours is a 500 that tells nothing', async () => {
    const answer = await post(form({ title: 'broken' }))
    const body = await answer.text()

    expect(answer.status).toBe(500)
    expect(body).not.toMatch(/secret of the server|\.ts/)
  })

  it.each([
    ['text/plain', 'x', 415], ['multipart/form-data', 'x', 400], ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="title"\r\n\r\nabc', 400],
  ])('a body as %s that is no form is refused', async (type, body, status) => {
    expect((await post(body, { 'content-type': type })).status).toBe(status)
  })

  it('names such as __proto__ are names like others', async () => {
    const answer = await post(new URLSearchParams({ 'title': 'Lamp', '__proto__': 'x', 'constructor': 'y' }))

    expect(answer.status).toBe(303)
    expect({}).not.toHaveProperty('x')
  })

  it('tells a script that sends it where to go next, without loading that page for it', async () => {
    const [done, refused] = [await post(form({ title: 'Lamp' }), { 'x-next': '?' }), await post(form({ title: '' }), { 'x-next': '?' })]

    expect([done.status, done.headers.get('x-next'), done.headers.get('location')]).toEqual([204, '/en/notes?sent', null])
    expect([refused.status, refused.headers.get('x-next')]).toEqual([422, null])
  })

  it('a change of language shows what was typed in the other language, without a complaint and without doing anything', async () => {
    const before = [received.length, discarded.length]

    const answer = await post(form({ 'title': '', 'text': 'half a sen', 'secret': 'receipt', 'language-switch': 'en' }, new Blob(['xx'])))

    expect(answer.status).toBe(200)
    expect(page.parse(await answer.json())).toMatchObject({ rendered: '/en/notes', form: { values: { title: '', text: 'half a sen' }, errors: {} } })
    expect([received.length, discarded.length]).toEqual([before[0], Number(before[1]) + 1])
  })

  it('a change of language before anything was typed is a plain step to the other page', async () => {
    const answer = await post(new URLSearchParams({ 'title': ' ', 'idempotencyKey': '0123456789abcdef012345', 'language-switch': 'en' }))

    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/en/notes'])
  })

  it('a form that keeps what is typed is handed it unchecked, and only from our own pages', async () => {
    const send = (headers: Record<string, string>) => pages.send('/zh/drafts', { method: 'POST', body: new URLSearchParams({ 'title': 'x'.repeat(50), 'language-switch': 'zh' }), headers })

    const [answer, stranger] = [await send({}), await send({ 'sec-fetch-site': 'cross-site' })]

    expect([answer.status, answer.headers.get('location'), stranger.status]).toEqual([303, '/zh/drafts', 403])
    expect(kept).toEqual([{ title: 'x'.repeat(50) }])
  })

  it('who has to wait long is told in minutes', () => {
    expect(wholeError(new AppError('rate_limited', { seconds: 540 }))).toEqual({ key: 'errors.codes.rate_limited.minutes', params: { minutes: 9 } })
    expect(wholeError(new AppError('rate_limited'))).toEqual({ key: 'errors.codes.rate_limited.detail', params: { seconds: 60 } })
  })

  it('an address in no language of ours has no form', async () => {
    expect((await pages.send('/xx/notes', { method: 'POST', body: form({ title: 'Lamp' }) })).status).toBe(404)
  })
})

describe('the data of a page', () => {
  it('reaches the page, which is not kept by anyone', async () => {
    const answer = await pages.send('/en/notes')

    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(page.parse(await answer.json())).toMatchObject({ method: 'GET', status: 200, data: { count: 3 } })
  })

  it('may send the visitor on, or say that there is nothing', async () => {
    const [moved, gone] = await Promise.all([pages.send('/en/notes?moved'), pages.send('/en/notes?gone')])

    expect([moved.status, moved.headers.get('location'), gone.status]).toEqual([303, '/en', 404])
  })

  it('an address that does not parse gets no data: it may be another page\'s', async () => {
    const [one, other] = await Promise.all([pages.send('/en/notes/7'), pages.send('/en/notes/new')])

    expect(page.parse(await one.json()).data).toEqual({ id: 7 })
    expect(page.parse(await other.json()).data).toBeNull()
  })
})
