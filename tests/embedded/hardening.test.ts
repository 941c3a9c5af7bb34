import http from 'node:http'
import { createPostgresConnection } from '@supabase/lite/postgres'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hardenConnection } from '../../supabase/embedded/harden-connection.ts'
import { type TestBackend, startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { fixtureFolders } from './fixture-folders.ts'

// One test for each thing that @supabase/lite 0.10.0 does otherwise than Supabase: a new version, or a lost patch, fails here.
let backend: TestBackend

beforeAll(async () => {
  backend = await startTestBackend({ folders: fixtureFolders })
})
afterAll(() => backend?.stop())

async function request(path: string, init: RequestInit = {}) {
  const headers = { 'apikey': backend.publishableKey, 'content-type': 'application/json', ...init.headers }
  return fetch(`${backend.url}${path}`, { ...init, headers })
}

async function tokenWith(claims: Record<string, unknown>, algorithm = 'HS256') {
  const secret = new TextEncoder().encode(backend.embedded?.keys.jwtSecret)
  return new SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: 'JWT' }).setIssuedAt().setExpirationTime('5m').sign(secret)
}

describe('rights', () => {
  const acls = () => backend.sql`select relname, relacl::text from pg_class where relnamespace = 'public'::regnamespace order by relname`

  it('lite grants nothing with the first request, even when it could (rlsState)', async () => {
    const before = await acls()
    const connection = createPostgresConnection({ url: backend.embedded?.databaseUrl, postgresOptions: { max: 1, onnotice() {}, connection: { application_name: 'linli-setup' } } })
    hardenConnection(connection)

    // Otherwise: GRANT ALL on every table of each schema with a protected table.
    await connection.withContext({ auth: { role: 'authenticated', uid: null, jwt: null } }, async () => undefined)
    await connection.close()

    expect(await acls()).toEqual(before)
  })

  it('what is not granted stays closed to a signed-in user', async () => {
    const before = await acls()
    const amina = await backend.signInAs(await backend.createUser('amina_resident'))

    await amina.from('benches').select()
    const note = await amina.from('hidden_notes').select()
    const update = await amina.from('benches').update({ seats: 9 }).eq('name', 'x')

    expect(note.error?.code).toBe('42501')
    expect(update.error?.code).toBe('42501')
    expect(await acls()).toEqual(before)
  })

  it('the secret key, too, reads only what was granted to service_role', async () => {
    expect((await backend.serviceClient().from('hidden_notes').select()).error?.code).toBe('42501')
    expect((await backend.serviceClient().from('benches').select()).error).toBeNull()
  })

  it('neither part of the API logs in as superuser or owner', async () => {
    await backend.guestClient().rpc('answer_text', { p_name: 'x' })
    await backend.guestClient().from('benches').select()

    const logins = await backend.sql`
      select distinct a.usename::text as name, r.rolsuper, r.rolbypassrls, r.rolinherit from pg_stat_activity a join pg_roles r on r.rolname = a.usename
      where a.datname = current_database() and a.application_name <> 'linli-setup' and a.backend_type = 'client backend' order by 1`

    expect(logins).toEqual(['authenticator', 'supabase_auth_admin'].map(name => ({ name, rolsuper: false, rolbypassrls: false, rolinherit: false })))
  })

  it('the library still finds tables, columns and relations with so few rights', async () => {
    const amina = await backend.createUser('amina_resident')
    const client = await backend.signInAs(amina)

    expect((await client.from('benches').insert({ name: 'by the pond', owner: amina.id })).error).toBeNull()
    expect((await client.from('benches').select('name, seats').eq('owner', amina.id)).data).toEqual([{ name: 'by the pond', seats: 2 }])
    expect((await backend.guestClient().from('not_there').select()).error?.code).toBe('PGRST205')
  })
})

describe('tokens', () => {
  const ask = async (token: string) => {
    const responses = await Promise.all([
      request('/rest/v1/benches', { headers: { authorization: `Bearer ${token}` } }),
      request('/rest/v1/rpc/who_am_i', { method: 'POST', body: '{}', headers: { authorization: `Bearer ${token}` } }),
    ])
    return responses.map(({ status }) => status)
  }

  it.each(['postgres', 'supabase_auth_admin', 'authenticator', 'pg_read_all_data', ''])('a well-signed token with role %j is refused', async (role) => {
    expect(await ask(await tokenWith({ role, sub: crypto.randomUUID() }))).toEqual([403, 403])
    const auth = await request('/auth/v1/user', { headers: { authorization: `Bearer ${await tokenWith({ role, sub: crypto.randomUUID() })}` } })
    expect([auth.status, await auth.json()]).toEqual([403, expect.objectContaining({ code: '42501' })])
  })

  it('a token signed with another algorithm, another secret or none is refused', async () => {
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"role":"service_role"}').toString('base64url')}.`
    const foreign = await new SignJWT({ role: 'service_role' }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('x'.repeat(40)))

    for (const token of [await tokenWith({ role: 'service_role' }, 'HS512'), unsigned, foreign, 'a.b.c', 'garbage']) expect(await ask(token)).toEqual([401, 401])
  })

  it('an expired token is refused with PGRST303, also after it was remembered', async () => {
    const secret = new TextEncoder().encode(backend.embedded?.keys.jwtSecret)
    const token = await new SignJWT({ role: 'authenticated', sub: crypto.randomUUID() }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(Math.floor(Date.now() / 1000) + 2).sign(secret)
    expect((await ask(token))[1]).toBe(200)

    await new Promise(resolve => setTimeout(resolve, 2100))

    const response = await request('/rest/v1/rpc/who_am_i', { method: 'POST', body: '{}', headers: { authorization: `Bearer ${token}` } })
    expect([response.status, await response.json()]).toEqual([401, expect.objectContaining({ code: 'PGRST303' })])
  })
})

describe('the door', () => {
  it.each(['/_system/info', '/_system/introspect', '/_system/config', '/rest/v1/../../_system/info', '/rest/v1/%2e%2e/%2e%2e/_system/info', '/storage/v1/bucket', '/functions/v1/x', '/realtime/v1', '/pg', '/', '/_studio', '/index.html'])('%s is not there', async (path) => {
    for (const key of [backend.publishableKey, backend.secretKey]) {
      const response = await request(path, { headers: { apikey: key } })

      expect(response.status).toBe(404)
      expect(await response.text()).not.toMatch(/postgres:|password|<html/i)
    }
  })

  it.each(['/rest/v1/benches', '/rest/v1/rpc/answer_text', '/auth/v1/user', '/auth/v1/settings', '/auth/v1/verify', '/auth/v1/callback', '/auth/v1/admin/users'])('%s without a key, with a wrong key or with the key in the address is 401', async (path) => {
    const attempts: RequestInit[] = [{}, { headers: { apikey: 'sb_publishable_wrong' } }, { headers: { authorization: `Bearer ${backend.secretKey}` } }]
    for (const init of attempts) {
      expect((await fetch(`${backend.url}${path}`, init)).status).toBe(401)
    }
    expect((await fetch(`${backend.url}${path}?apikey=${backend.secretKey}`)).status).toBe(401)
  })

  it('the secret key is refused from a browser', async () => {
    expect((await request('/rest/v1/rpc/answer_nothing', { method: 'POST', body: '{}', headers: { 'apikey': backend.secretKey, 'user-agent': 'Mozilla/5.0 (X11)' } })).status).toBe(401)
  })

  it('no answer carries a CORS header, and a browser that asks first is refused', async () => {
    const origin = { origin: 'https://evil.example' }
    const answers = await Promise.all([
      request('/rest/v1/benches', { headers: origin }),
      request('/rest/v1/rpc/answer_nothing', { method: 'POST', body: '{}', headers: origin }),
      request('/auth/v1/settings', { headers: origin }),
      fetch(`${backend.url}/rest/v1/benches`, { headers: origin }),
      fetch(`${backend.url}/rest/v1/benches`, { method: 'OPTIONS', headers: { ...origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'apikey' } }),
    ])

    expect(answers.flatMap(({ headers }) => [...headers.keys()].filter(name => name.startsWith('access-control-')))).toEqual([])
    expect(answers.at(-1)?.status).toBe(405)
  })

  it.each(['evil.example', 'linli.example:54321', '127.0.0.1', '0.0.0.0:80'])('a request for the host %s is refused', async (host) => {
    const { request: send } = await import('node:http')
    const url = new URL(backend.url)
    const status = await new Promise((resolve, reject) => {
      send({ host: '127.0.0.1', port: url.port, path: '/rest/v1/benches', headers: { host, apikey: backend.publishableKey } }, response => resolve(response.resume().statusCode)).on('error', reject).end()
    })

    expect(status).toBe(421)
  })

  it('a body above 2 MB is refused with 413, with and without a length, and one below passes', async () => {
    const big = JSON.stringify({ p_name: 'x'.repeat(2 * 1024 * 1024) })
    const chunked = new ReadableStream({ start(controller) { controller.enqueue(new TextEncoder().encode(big)); controller.close() } })
    const post = (body: BodyInit, extra: object = {}) => request('/rest/v1/rpc/answer_text', { method: 'POST', body, ...extra })

    expect((await post(big)).status).toBe(413)
    expect((await post(chunked, { duplex: 'half' })).status).toBe(413)
    expect((await post(JSON.stringify({ p_name: 'x'.repeat(1_900_000) }))).status).toBe(200)
  })
})

describe('a query that is nested for its own sake', () => {
  const nested = (open: string, close: string, times: number) => `${open.repeat(times)}name.eq.a${close.repeat(times)}`

  it.each([
    ['and', `and=(${nested('not.and(', ')', 1200)})`], ['or', `or=${nested('(', ')', 5000)}`], ['select', `select=${nested('a(', ')', 3000)}`], ['select of itself', `select=${nested('benches(', ')', 1200)}`], ['encoded', `or=${nested('%28', '%29', 2000)}`],
    ['tables that know each other', 'select=*,a(*,b(*,a(*,b(*))))'], ['the same, encoded', '%73elect=%2A,a%28*,b%28*,a(*,b(*))%29%29'],
  ])('%s is refused at once, not after seconds with a 500', async (_name, query) => {
    const startedAt = performance.now()
    const response = await fetch(`${backend.url}/rest/v1/benches?${query}`, { headers: { apikey: backend.publishableKey } })

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'PGRST100' })
    expect(performance.now() - startedAt).toBeLessThan(500)
  })

  it('an honest one passes', async () => {
    const { data, error } = await backend.serviceClient().from('benches').select('name').or('and(name.eq.a,or(name.eq.b,and(name.eq.c,name.eq.d))),name.eq.e')

    expect(error).toBeNull()
    expect(data).toEqual([])
  })

  it('a method that REST does not know is refused before anything is asked', async () => {
    const status = await new Promise((resolve, reject) => http.request(`${backend.url}/rest/v1/benches`, { method: 'TRACE', headers: { apikey: backend.publishableKey } }, answer => resolve(answer.resume().statusCode)).once('error', reject).end())

    expect(status).toBe(405)
  })
})

describe('values and errors', () => {
  it('objects reach jsonb as objects, not as text that was encoded twice (json serializer)', async () => {
    const value = { colours: ['red'], text: '{"a":1}' }
    await backend.guestClient().auth.signUp({ email: 'json@example.test', password: 'a-long-password', options: { data: value } })
    const table = await backend.serviceClient().from('benches').insert({ name: 'json', facts: value })
    // Asking for a count sends the call past the direct path, to the library.
    const call = await backend.serviceClient().rpc('answer_jsonb', { p: value }, { count: 'exact' })

    expect(await backend.sql`select jsonb_typeof(raw_user_meta_data) as type, raw_user_meta_data -> 'colours' as colours from auth.users where email = 'json@example.test'`).toEqual([{ type: 'object', colours: ['red'] }])
    expect(table.error).toBeNull()
    expect(await backend.sql`select facts from public.benches where name = 'json'`).toEqual([{ facts: value }])
    expect(call.data).toEqual({ ok: true, got: value })
  })

  it('instants are ISO 8601 (timestamp parsers)', async () => {
    await backend.sql`insert into public.benches (name) values ('iso')`

    const { data } = await backend.serviceClient().from('benches').select('made_at, local_at').eq('name', 'iso').single()

    expect(data).toEqual({ made_at: '2026-01-02T03:04:05.678901+00:00', local_at: '2026-01-02T03:04:05' })
  })

  it('a check violation is 400 with its code, not 500 (normalizeDbError)', async () => {
    const { error, status } = await backend.serviceClient().from('benches').insert({ name: '' })

    expect(status).toBe(400)
    expect(error).toMatchObject({ code: '23514', message: expect.stringContaining('benches_name_check'), details: expect.stringContaining('Failing row') })
  })

  it('what a function raises is answered with its own code, details and hint (normalizeDbError)', async () => {
    const { error, status } = await backend.serviceClient().rpc('fail_raise', {}, { get: true })

    expect(status).toBe(400)
    expect(error).toMatchObject({ code: 'P0001', message: 'plainly refused', details: 'the detail', hint: 'the hint' })
  })

  it.each([['fail_status', 409, 'PT409'], ['fail_teapot', 418, 'PT418'], ['fail_authorization', 403, '28000']])('%s is answered with %i', async (name, wanted, code) => {
    for (const get of [false, true]) {
      const { error, status } = await backend.serviceClient().rpc(name, {}, { get })

      expect([status, error?.code]).toEqual([wanted, code])
    }
  })
})
