import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import { defineApiHandler } from '#server/http/api-handler'
import { startPages } from './page-server.ts'

vi.mock('nitropack/runtime', async () => (await import('./page-server.ts')).nitroRuntime)
vi.stubEnv('LINLI_DEMO', '1')
vi.stubEnv('LINLI_LOG_LEVEL', 'silent')

let api: Awaited<ReturnType<typeof startPages>>

beforeAll(async () => {
  api = await startPages({
    'POST /api/notes': defineApiHandler({
      body: z.strictObject({ title: z.string().min(1).max(10), tags: z.array(z.string()).max(2).default([]), contact: z.object({ email: z.email() }).optional() }),
      status: 201,
      run: ({ body }) => {
        if (body.title === 'broken') throw new Error('a secret of the server')
        if (body.title === 'often') throw new AppError('rate_limited', { seconds: 5 })
        return { title: body.title }
      },
    }),
    'GET /api/notes/:id': defineApiHandler({ params: z.object({ id: z.uuid() }), run: ({ params }) => params }),
    'DELETE /api/notes': defineApiHandler({ run: () => undefined }),
  })
})
afterAll(() => api.stop())

const json = { 'content-type': 'application/json' }
const post = (body: unknown, headers: Record<string, string> = {}) => api.send('/api/notes', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { ...json, ...headers } })

describe('a call of the API', () => {
  it('is parsed, run and answered', async () => {
    const answer = await post({ title: 'Lamp' })

    expect([answer.status, await answer.json()]).toEqual([201, { title: 'Lamp' }])
    expect((await api.send('/api/notes', { method: 'DELETE' })).status).toBe(204)
  })

  it('says in the reader\'s language which field is wrong', async () => {
    const answer = await post({ title: '', contact: { email: 'q' }, more: 1 }, { 'accept-language': 'en' })

    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toEqual({
      type: '/errors/invalid', title: 'Something needs to be changed', status: 422, code: 'invalid', detail: 'Change what is marked and send it again.',
      errors: { 'title': 'Fill this in', 'contact.email': 'Enter an email address in full', 'more': 'There is no such field' },
    })
  })

  it.each([
    ['no JSON', '{', json, 400, 'malformed'],
    ['another type', 'title=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_type'],
    ['a NUL', '{"title":"a\\u0000"}', json, 422, 'invalid'],
    ['a lone surrogate', '{"title":"a\\ud800"}', json, 422, 'invalid'],
    ['too much', JSON.stringify({ title: 'x'.repeat(100_000) }), json, 413, 'too_large'],
    ['nothing', '', json, 422, 'invalid'],
    ['a list', '[1]', json, 422, 'invalid'],
  ])('refuses %s', async (_what, body, headers, status, code) => {
    const answer = await post(body, headers)

    expect([answer.status, z.object({ code: z.string() }).parse(await answer.json()).code]).toEqual([status, code])
  })

  it('tells nothing about a fault of ours', async () => {
    const answer = await post({ title: 'broken' })
    const body = await answer.text()

    expect(answer.status).toBe(500)
    expect(body).toContain('"code":"internal"')
    expect(body).not.toMatch(/secret of the server|\.ts/)
  })

  it('says when to come back', async () => {
    expect((await post({ title: 'often' })).headers.get('retry-after')).toBe('5')
  })

  it('a path that does not parse is not there', async () => {
    expect((await api.send('/api/notes/7')).status).toBe(404)
  })

  it('RULES G1: with a session cookie only our own pages may write', async () => {
    const cookie = { 'cookie': 'linli-session.0=x', 'sec-fetch-site': 'cross-site' }

    expect((await post({ title: 'Lamp' }, cookie)).status).toBe(403)
    expect((await post({ title: 'Lamp' }, { 'sec-fetch-site': 'cross-site' })).status).toBe(201)
    expect((await post({ title: 'Lamp' }, { ...cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
  })
})
