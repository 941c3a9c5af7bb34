import { type ChildProcess, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { createClient } from '@supabase/supabase-js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { leanFetch } from '#server/db/lean-fetch'
import { processExists } from '../../supabase/embedded/data-folder.ts'
import { freePort } from '../../supabase/embedded/free-port.ts'

const keysSchema = z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string(), demo: z.boolean(), masterKeys: z.string().optional(), jwtSecret: z.string(), sendEmailHookSecret: z.string() })
const readySchema = z.object({ ready: z.literal(true), url: z.string(), postgres: z.number() })

type Backend = { child: ChildProcess, output: () => string, ready: Promise<z.infer<typeof readySchema>>, ended: Promise<number | null> }

let folder = '', port = 0
const started: Backend[] = []

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'linli-main-'))
  port = await freePort()
})
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGTERM')
    await ended
  }
  await rm(folder, { recursive: true, force: true })
})

function launch(environment: Record<string, string> = {}): Backend {
  const child = spawn(process.execPath, ['supabase/embedded/main.ts'], {
    env: { PATH: process.env.PATH, LINLI_DATA_DIR: folder, SUPABASE_PORT: String(port), PORT: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let text = ''
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const ready = new Promise<z.infer<typeof readySchema>>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8')
        const line = text.split('\n').find(candidate => candidate.startsWith('{"ready"'))
        if (line) resolve(readySchema.parse(JSON.parse(line)))
      })
    }
    void ended.then(() => reject(new Error(`ended before it was ready: ${text}`)))
  })
  ready.catch(() => undefined)
  const backend = { child, output: () => text, ready, ended }
  started.push(backend)
  return backend
}

const keys = async () => keysSchema.parse(JSON.parse(await readFile(path.join(folder, 'keys.json'), 'utf8')))
const client = async () => {
  const { url, secretKey } = await keys()
  return createClient(url, secretKey, { auth: { persistSession: false, autoRefreshToken: false } })
}

it('makes keys that only its user may read, keeps them, and tells its address in one line', async () => {
  const first = launch()
  expect(await first.ready).toMatchObject({ url: `http://127.0.0.1:${port}` })
  const made = await keys()

  expect(statSync(path.join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
  expect(made).toMatchObject({ url: `http://127.0.0.1:${port}`, demo: true, publishableKey: expect.stringMatching(/^sb_publishable_/), secretKey: expect.stringMatching(/^sb_secret_/), sendEmailHookSecret: expect.stringMatching(/^v1,whsec_/), masterKeys: expect.stringMatching(/^k1:[A-Za-z0-9+/]{43}=$/) })
  expect(first.output()).not.toContain(made.secretKey)

  first.child.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  port = await freePort()
  await launch().ready
  expect(await keys()).toEqual({ ...made, url: `http://127.0.0.1:${port}` })
})

it('never starts a demo as a real station, or a real station as a demo', async () => {
  const demo = launch()
  await demo.ready
  demo.child.kill('SIGTERM')
  await demo.ended

  const asReal = launch({ LINLI_DEMO: '0' })
  expect(await asReal.ended).toBe(1)
  expect(asReal.output().trim()).toBe(`The data folder ${folder} was made as a demo and never starts as a real station: set LINLI_DATA_DIR to another folder.`)

  const other = path.join(folder, 'other')
  const real = launch({ LINLI_DEMO: '0', LINLI_DATA_DIR: other })
  await real.ready
  real.child.kill('SIGTERM')
  await real.ended
  const asDemo = launch({ LINLI_DATA_DIR: other })
  expect(await asDemo.ended).toBe(1)
  expect(asDemo.output()).toContain('holds a real station and never starts as a demo')
  expect(JSON.parse(await readFile(path.join(other, 'keys.json'), 'utf8'))).not.toHaveProperty('masterKeys')
})

it('RULES F1: opens no port with SUPABASE_PORT=off, but a file for its owner alone, also after kill -9', async () => {
  const killed = launch({ SUPABASE_PORT: 'off' })
  await killed.ready
  killed.child.kill('SIGKILL')
  await killed.ended

  await launch({ SUPABASE_PORT: 'off' }).ready
  const { url, secretKey } = await keys()
  const file = await stat(path.join(folder, 'api.sock'))
  expect([file.isSocket(), file.mode & 0o777]).toEqual([true, 0o600])
  const answer = await leanFetch(`${url}/rest/v1/rpc/get_schema_version`, { method: 'POST', headers: { 'apikey': secretKey, 'content-type': 'application/json' }, body: '{}' })
  expect(answer.status).toBe(200)
  await expect(fetch(`http://127.0.0.1:${port}/rest/v1/`)).rejects.toThrow('fetch failed')
})

it('says that the folder of a socket file has too long a path', async () => {
  const long = launch({ SUPABASE_PORT: 'off', LINLI_DATA_DIR: path.join(folder, 'd'.repeat(100)) })
  expect(await long.ended).toBe(1)
  expect(long.output()).toMatch(/^SUPABASE_PORT=off needs a data folder with a shorter path: .+ has more than 103 bytes\.$/m)
})

it('says in one sentence that the port is taken or the folder in use, and leaves nothing running', async () => {
  const first = launch()
  const { postgres } = await first.ready

  const second = launch({ SUPABASE_PORT: String(await freePort()) })
  expect(await second.ended).toBe(1)
  expect(second.output().trim()).toBe(`The data folder ${folder} is in use by another Linli (process ${first.child.pid}): stop that one first, or set LINLI_DATA_DIR to another folder.`)

  const third = launch({ LINLI_DATA_DIR: path.join(folder, 'other') })
  expect(await third.ended).toBe(1)
  expect(third.output().trim()).toBe(`Port ${port} is taken: stop what uses it, or set SUPABASE_PORT to another one.`)
  expect(processExists(postgres)).toBe(true)

  const pid = Number((await readFile(path.join(folder, 'other/postgres/data/postmaster.pid'), 'utf8').catch(() => '0')).split('\n')[0])
  expect(pid).toBe(0)
})

it.each([['SUPABASE_PORT', '99999'], ['LINLI_DEMO', 'yes'], ['PUBLIC_URL', 'nowhere']])('names a wrong setting (%s)', async (name, value) => {
  const backend = launch({ [name]: value })

  expect(await backend.ended).toBe(1)
  expect(backend.output()).toMatch(new RegExp(`^The setting ${name} is wrong: .+\\.$`, 'm'))
})

it('finishes the requests in work on SIGTERM, takes no new ones, stops Postgres and ends with 0', async () => {
  const backend = launch()
  const { postgres } = await backend.ready
  const { secretKey } = await keys()
  // Half a request is sent before the signal, the rest after it.
  const body = '{"p_limits": []}'
  const answer = new Promise<number | undefined>((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path: '/rest/v1/rpc/take_limits', method: 'POST', headers: { 'apikey': secretKey, 'content-type': 'application/json', 'content-length': body.length } }, response => resolve(response.resume().statusCode)).on('error', reject)
    request.write(body.slice(0, 5))
    setTimeout(() => backend.child.kill('SIGTERM'), 200)
    setTimeout(() => request.end(body.slice(5)), 600)
  })
  await new Promise(resolve => setTimeout(resolve, 400))
  await expect(fetch(`http://127.0.0.1:${port}/rest/v1/`)).rejects.toThrow()

  expect(await answer).toBe(200)
  expect(await backend.ended).toBe(0)
  expect(processExists(postgres)).toBe(false)
})

it('loses nothing that was acknowledged when it is killed, and the next start recovers', async () => {
  let acknowledged = 0
  for (let round = 0; round < 2; round++) {
    const backend = launch()
    const { postgres } = await backend.ready
    const admin = (await client()).auth.admin
    await Promise.all(Array.from({ length: 3 }, async () => {
      for (;;) {
        const { error } = await admin.createUser({ email: `${crypto.randomUUID()}@example.test` })
        if (error) return
        if (++acknowledged === 20 * (round + 1)) for (const pid of [backend.child.pid ?? 0, ...round === 1 ? [postgres] : []]) process.kill(pid, 'SIGKILL')
      }
    }))
    await backend.ended
  }

  await launch().ready
  const { data } = await (await client()).auth.admin.listUsers({ perPage: 1000 })
  expect(data.users.length).toBeGreaterThanOrEqual(acknowledged)
  expect(acknowledged).toBeGreaterThanOrEqual(40)
})

it('ends with its supervisor, even when that is killed', async () => {
  const supervisor = path.join(folder, 'supervisor.mjs')
  await writeFile(supervisor, `import { spawn } from 'node:child_process'
    const child = spawn(process.execPath, [${JSON.stringify(path.resolve('supabase/embedded/main.ts'))}], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })
    child.stdout.once('data', line => console.log(JSON.stringify({ ...JSON.parse(line), pid: child.pid })))`)
  const parent = spawn(process.execPath, [supervisor], { env: { PATH: process.env.PATH, LINLI_DATA_DIR: path.join(folder, 'data'), SUPABASE_PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise<Buffer>(resolve => parent.stdout.once('data', resolve))
  const { pid, postgres } = z.object({ pid: z.number(), postgres: z.number() }).parse(JSON.parse(line.toString('utf8')))

  parent.kill('SIGKILL')

  await expect.poll(() => processExists(pid) || processExists(postgres), { timeout: 15_000 }).toBe(false)
})

it('prints nothing that a caller sent, and no key', async () => {
  const backend = launch()
  await backend.ready
  const { url, publishableKey, secretKey, jwtSecret } = await keys()
  const service = await client(), guest = createClient(url, publishableKey, { auth: { persistSession: false, autoRefreshToken: false } })
  const secret = 'amina.secret@example.test'
  const mark = backend.output().length

  await service.from('stations').select().eq('id', secret)
  await service.from('stations').insert({ name: secret, slug: secret })
  await service.from(secret).select()
  await service.rpc('add_server_key', { p_id: secret, p_purpose: secret, p_wrapped: secret })
  await service.rpc('add_server_key', { p_id: secret, p_purpose: secret, p_wrapped: secret }, { get: true })
  await service.rpc(secret, { secret })
  await guest.auth.signInWithPassword({ email: secret, password: secret })
  await guest.auth.signInWithOtp({ email: `not an address ${secret}` })
  await guest.auth.signInWithOtp({ email: secret })
  await guest.auth.verifyOtp({ email: secret, token: 'secret', type: 'email' })
  for (const call of ['/auth/v1/signup', '/auth/v1/token?grant_type=password', '/rest/v1/rpc/add_server_key']) {
    await fetch(url + call, { method: 'POST', headers: { 'apikey': publishableKey, 'content-type': 'application/json' }, body: `{"email":"${secret}","password":"${'secret'.repeat(20)}", broken` })
  }
  await new Promise(resolve => setTimeout(resolve, 3500))

  const printed = backend.output().slice(mark)
  expect(printed).toContain('mail hook cannot be reached')
  for (const word of ['secret', '@example', secretKey, jwtSecret, 'insert into', 'select']) expect(printed).not.toContain(word)
})

it('starts a PostgreSQL that died again, answers 503 meanwhile and keeps what was acknowledged', async () => {
  const backend = launch()
  const { postgres } = await backend.ready
  const { url, publishableKey, secretKey } = await keys()
  const service = await client()
  const { data: { user } } = await service.auth.admin.createUser({ email: 'amina@example.test' })
  const control = path.join(folder, 'postgres/data/global/pg_control')

  await rename(control, `${control}.away`)
  process.kill(postgres, 'SIGKILL')
  const call = (address: string, body: unknown = {}) => fetch(url + address, { method: 'POST', headers: { 'apikey': address.startsWith('/auth') ? publishableKey : secretKey, 'content-type': 'application/json' }, body: JSON.stringify(body) })
  await expect.poll(async () => (await call('/rest/v1/rpc/get_schema_version')).status, { timeout: 10_000 }).toBe(503)
  expect((await call('/auth/v1/token?grant_type=password', { email: 'amina@example.test', password: 'not hers' })).status).toBe(503)
  expect((await service.from('stations').select().retry(false)).status).toBe(503)

  await rename(`${control}.away`, control)
  await expect.poll(async () => (await call('/rest/v1/rpc/get_schema_version')).status, { timeout: 10_000, interval: 20 }).toBe(200)
  expect((await service.from('stations').select().retry(false)).status).toBe(200)
  expect((await service.auth.admin.getUserById(user?.id ?? '')).data.user?.email).toBe('amina@example.test')
  expect(backend.output()).toContain('PostgreSQL is back')

  backend.child.kill('SIGTERM')
  expect(await backend.ended).toBe(0)
})

it('whose database dies under load, again and again, answers every call: as ever, or with 503', async () => {
  const backend = launch()
  await backend.ready
  const { url, publishableKey, secretKey } = await keys()
  const ask = async (address: string, method = 'POST') => {
    const [key, body] = address.startsWith('/auth') ? [publishableKey, { email: 'amina@example.test', password: 'not hers at all' }] : [secretKey, {}]
    const answer = await fetch(url + address, { method, headers: { 'apikey': key, 'content-type': 'application/json' }, ...method === 'POST' && { body: JSON.stringify(body) }, signal: AbortSignal.timeout(15_000) })
    await answer.text()
    return `${address.split('?')[0]} ${answer.status}`
  }
  const all = () => [ask('/rest/v1/rpc/get_schema_version'), ask('/rest/v1/stations?select=id', 'GET'), ask('/auth/v1/token?grant_type=password'), ask('/rest/v1/rpc/get_reference_data')]
  const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
  const postmaster = async () => Number((await readFile(path.join(folder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0])
  const ofPostgres = async () => (await readFile(`/proc/${await postmaster()}/task/${await postmaster()}/children`, 'utf8')).trim().split(' ').map(Number)
  const said = new Set<string>()

  for (const victim of ['server', 'connection', 'server', 'connection', 'server']) {
    const calls = Array.from({ length: 4 }, all).flat()
    await pause(5)
    process.kill(victim === 'server' ? await postmaster() : (await ofPostgres()).at(-1) ?? Number.NaN, 'SIGKILL')
    for (let round = 0; round < 25; round++) {
      calls.push(...all())
      await pause(20)
    }
    for (const answer of await Promise.all(calls)) said.add(answer)
    await expect.poll(() => ask('/rest/v1/stations?select=id', 'GET'), { timeout: 10_000 }).toBe('/rest/v1/stations 200')
  }

  const wellKnown = ['/rest/v1/rpc/get_schema_version 200', '/rest/v1/stations 200', '/auth/v1/token 400', '/auth/v1/token 429', '/rest/v1/rpc/get_reference_data 200']
  expect([...said].filter(answer => !answer.endsWith(' 503') && !wellKnown.includes(answer))).toEqual([])
  expect(said).toContain('/rest/v1/stations 503')
  expect(backend.child.exitCode, backend.output()).toBeNull()
})
