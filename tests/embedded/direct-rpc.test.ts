import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBackend } from '../../supabase/embedded/backend.ts'
import { serveHttp } from '../../supabase/embedded/http-server.ts'
import { type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { fixtureFolders } from './fixture-folders.ts'

// The same database behind two APIs: one answers rpc by itself, the other leaves every call to @supabase/lite.
let direct: TestBackend
let library: { url: string, stop: () => Promise<void> }
let userToken = ''

type Answer = { status: number, body: unknown, range: string | null, type: string | null }
type Role = 'anon' | 'authenticated' | 'service_role'

beforeAll(async () => {
  direct = await startTestBackend({ folders: fixtureFolders })
  if (!direct.embedded) throw new Error('these tests are about the embedded backend')
  const { keys, logins } = direct.embedded
  const backend = await createBackend({ logins, keys, siteUrl: 'http://localhost:3000', hookUrl: 'http://127.0.0.1:9/', log() {}, connections: { library: 4, rpc: 0 } })
  const server = await serveHttp({ port: 0, handle: backend.handle })
  library = { url: server.url, stop: () => server.stop().then(backend.close) }
  const amina = await direct.signInAs(await direct.createUser('amina_resident'))
  userToken = (await amina.auth.getSession()).data.session?.access_token ?? ''
})

afterAll(async () => {
  await library?.stop()
  await direct?.stop()
})

async function call(api: { url: string }, name: string, body: unknown, role: Role = 'anon', headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${api.url}/rest/v1/rpc/${name}`, {
    method: 'POST',
    headers: {
      'apikey': role === 'service_role' ? direct.secretKey : direct.publishableKey,
      'authorization': `Bearer ${role === 'authenticated' ? userToken : role === 'anon' ? direct.publishableKey : direct.secretKey}`,
      'content-type': 'application/json',
      'x-test': 'seen',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text), range: response.headers.get('content-range'), type: response.headers.get('content-type') }
}

const id = '7d9f6f0e-5b0a-4a57-9b0e-1f6a0d8f5c11'
const shapes: [name: string, body: unknown][] = [
  ['answer_void', { p_name: 'x' }],
  ['answer_text', { p_name: '邻里 "quoted" \\ 😀' }],
  ['answer_text', { p_name: null }],
  ['answer_nothing', {}],
  ['answer_integer', { p_left: 1 }],
  ['answer_integer', { p_left: 1, p_right: 2 }],
  ['answer_integer', { p_right: 2, p_left: '1' }],
  ['answer_bigint', { p_value: 9007199254740991 }],
  ['answer_numeric', { p_value: 12.5 }],
  ['answer_boolean', { p_value: true }],
  ['answer_uuid', { p_value: id }],
  ['answer_instant', { p_value: '2026-11-21T18:30:00.5+08:00' }],
  ['answer_local', { p_value: '2026-11-21T18:30:00' }],
  ['answer_date', { p_value: '2026-11-21' }],
  ['answer_jsonb', { p: { deep: [1, { a: null }], text: '{"not":"decoded"}' } }],
  ['answer_jsonb', { p: [1, 2, 3] }],
  ['answer_json', { p: { b: 1, a: 2 } }],
  ['answer_array', { p_values: ['a', 'b,c', '{"x"}'] }],
  ['answer_integers', { p_values: [1, 2, 3] }],
  ['answer_integers', { p_values: [] }],
  ['answer_uuids', { p_values: [id] }],
  ['answer_enum', { p_mood: 'calm' }],
  ['answer_composite', { p_street: 'Main' }],
  ['answer_bench', {}],
  ['answer_set', { p_count: 3 }],
  ['answer_set', { p_count: 0 }],
  ['answer_set', { p_count: 1500 }],
  ['answer_places', {}],
  ['answer_table', { p_count: 2 }],
  ['answer_table', { p_count: 0 }],
  ['answer_out', { p_value: 4 }],
  ['answer_one_out', {}],
  ['answer_whole_body', { any: { thing: [1] } }],
  ['answer_overload', { p_text: 'x' }],
  ['answer_overload', { p_text: 'x', p_more: 'y' }],
  ['set_status', {}],
  ['who_am_i', {}],
]
const failures: [name: string, body: unknown][] = [
  ['fail_raise', {}],
  ['fail_status', {}],
  ['fail_teapot', {}],
  ['fail_custom', {}],
  ['fail_check', {}],
  ['fail_unique', {}],
  ['fail_foreign', {}],
  ['fail_not_null', {}],
  ['fail_division', {}],
  ['fail_relation', {}],
  ['fail_authorization', {}],
  ['fail_deferred', {}],
  ['answer_uuid', { p_value: 'not a uuid' }],
  ['answer_integer', { p_left: 'many' }],
  ['answer_enum', { p_mood: 'furious' }],
  ['answer_integer', {}],
  ['answer_integer', { p_left: 1, p_wrong: 2 }],
  ['answer_text', { p_nam: 'x' }],
  ['not_there', {}],
  ['inner_secret', {}],
  ['pg_sleep', { seconds: 1 }],
  ['answer_text', 'not json'],
  ['only_for_service', {}],
]

describe.each<Role>(['anon', 'authenticated', 'service_role'])('as %s the direct path answers like the library', (role) => {
  it.each(shapes)('%s %j', async (name, body) => {
    const [own, theirs] = [await call(direct, name, body, role), await call(library, name, body, role)]

    expect(own).toEqual(theirs)
    expect(own.status).toBeLessThan(300)
  })

  it.each(failures)('%s %j, refused', async (name, body) => {
    const [own, theirs] = [await call(direct, name, body, role), await call(library, name, body, role)]

    expect(own).toEqual(theirs)
    if (name !== 'only_for_service' || role !== 'service_role') expect(own.status).toBeGreaterThanOrEqual(400)
  })
})

it('tells a function whose name it does not know as PostgREST does', async () => {
  expect(await call(direct, 'not_there', {})).toMatchObject({ status: 404, body: { code: 'PGRST202' } })
})

it('refuses a function without a grant with 401 for a guest and 403 for a signed-in user', async () => {
  expect(await call(direct, 'only_for_service', {}, 'anon')).toMatchObject({ status: 401, body: { code: '42501' } })
  expect(await call(direct, 'only_for_service', {}, 'authenticated')).toMatchObject({ status: 403, body: { code: '42501' } })
  expect(await call(direct, 'only_for_service', {}, 'service_role')).toMatchObject({ status: 200, body: 'service' })
})

it('leaves to the library what it does not understand', async () => {
  const unusual: Record<string, string>[] = [{ prefer: 'count=exact' }, { accept: 'application/vnd.pgrst.object+json' }, { 'content-profile': 'private' }]
  for (const headers of unusual) {
    expect(await call(direct, 'answer_table', { p_count: 1 }, 'anon', headers)).toEqual(await call(library, 'answer_table', { p_count: 1 }, 'anon', headers))
  }
})

it('undoes everything when a later step fails, and the connection serves the next call', async () => {
  await call(direct, 'fail_unique', {}, 'service_role')
  await call(direct, 'fail_deferred', {}, 'service_role')

  expect(await direct.sql`select * from public.benches`).toHaveLength(0)
  const answers = await Promise.all(Array.from({ length: 40 }, (_, number) => call(direct, 'answer_integer', { p_left: number, p_right: 0 })))
  expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 40 }, (_, number) => number))
})

it('never mixes the callers of parallel requests', async () => {
  const roles = Array.from({ length: 150 }, (_, number): Role => (['anon', 'authenticated', 'service_role'] as const)[number % 3] ?? 'anon')

  const answers = await Promise.all(roles.map(role => call(direct, 'who_am_i', {}, role)))

  expect(answers.map(({ body }) => body)).toEqual(roles.map(role => expect.objectContaining({ user: role, role })))
})

it('keeps a caller and a result that the naughtiest body cannot leave', async () => {
  const body = { 'p_name': 'x', '") from pg_shadow --': 1 }

  expect(await call(direct, 'answer_text', body)).toMatchObject({ status: 404, body: { code: 'PGRST202' } })
  for (const text of ['\'; drop table public.benches; --', '$1', '\\u0000', '%00']) {
    expect(await call(direct, 'answer_text', { p_name: text })).toMatchObject({ status: 200, body: `hello ${text}` })
  }
})

it.each([['NUL', '\u0000'], ['a lone surrogate', '\ud800']])('answers %s in a text with 4xx', async (_what, text) => {
  const answer = await call(direct, 'answer_text', `{"p_name":${JSON.stringify(text)}}`)

  expect(answer.status).toBe(400)
})
