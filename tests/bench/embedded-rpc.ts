// rpc through the direct path and through @supabase/lite, beside raw pg on the same durable cluster: `node tests/bench/embedded-rpc.ts [seconds]`.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createClient } from '@supabase/supabase-js'
import pg from 'pg'
import { createBackend } from '../../supabase/embedded/backend.ts'
import { openSuperuser } from '../../supabase/embedded/database.ts'
import { serveHttp } from '../../supabase/embedded/http-server.ts'
import { makeKeys } from '../../supabase/embedded/keys.ts'
import { giveLogins } from '../../supabase/embedded/logins.ts'
import { migrate } from '../../supabase/embedded/migrate.ts'
import { startPostgres } from '../../supabase/embedded/postgres.ts'
import { fixtureFolders } from '../embedded/fixture-folders.ts'

const seconds = Number(process.argv[2] ?? 3)
const folder = await mkdtemp(path.join(os.tmpdir(), 'linli-bench-'))
const server = await startPostgres({ folder })
const sql = openSuperuser(server.url)
await migrate(sql, server.url, fixtureFolders)
const keys = await makeKeys({ url: 'http://127.0.0.1', demo: false })
const logins = await giveLogins(sql, server.url)
const common = { logins, keys, siteUrl: 'http://localhost:3000', hookUrl: 'http://127.0.0.1:9/', log() {} }
const direct = await createBackend(common)
const library = await createBackend({ ...common, connections: { library: 10, rpc: 0 } })
const apis = await Promise.all([direct, library].map(({ handle }) => serveHttp({ port: 0, handle })))
const pool = new pg.Pool({ connectionString: server.url, max: 10 })

const facts = { from: 'bench', long: 'x'.repeat(400) }
const clients = apis.map(({ url }) => createClient(url, keys.secretKey, { auth: { persistSession: false, autoRefreshToken: false } }))
const throughClient = (client: (typeof clients)[number] | undefined) => async () => {
  const { error } = await client!.rpc('make_bench', { p_name: 'bench', p_facts: facts })
  if (error) throw error
}
const headers = { 'apikey': keys.secretKey, 'authorization': `Bearer ${keys.secretKey}`, 'content-type': 'application/json', 'content-profile': 'public' }
const body = JSON.stringify({ p_name: 'bench', p_facts: facts })
const runs: Record<string, () => Promise<unknown>> = {
  'raw pg: INSERT': () => pool.query('insert into public.benches (name, facts) values ($1, $2) returning id', ['bench', facts]),
  'raw pg: the function': () => pool.query('select public.make_bench($1, $2)', ['bench', facts]),
  'direct path, in process': () => direct.handle({ method: 'POST', path: '/rest/v1/rpc/make_bench', search: '', headers, body }),
  'direct path, supabase-js over HTTP': throughClient(clients[0]),
  'library, in process': () => library.handle({ method: 'POST', path: '/rest/v1/rpc/make_bench', search: '', headers, body }),
  'library, supabase-js over HTTP': throughClient(clients[1]),
}

const results: { name: string, parallel: number, perSecond: number, p50: number, p95: number, cpuMicros: number }[] = []
for (const run of Object.values(runs)) for (let warm = 0; warm < 100; warm++) await run()
for (const parallel of [1, 10]) {
  for (const [name, run] of Object.entries(runs)) results.push({ name, parallel, ...await measure(run, parallel) })
}
console.table(results)
await mkdir('tests/bench/results', { recursive: true })
await writeFile('tests/bench/results/embedded-rpc.json', JSON.stringify({ at: new Date().toISOString(), cpus: os.cpus().length, load: os.loadavg(), results }, undefined, 2))

await pool.end()
for (const api of apis) await api.stop()
await Promise.all([direct.close(), library.close()])
await sql.end()
await server.stop()
await rm(folder, { recursive: true, force: true })

/** `cpuMicros` is what this process (client and API, without Postgres) spends on a call: it hardly moves when the machine is busy. */
async function measure(run: () => Promise<unknown>, parallel: number) {
  const times: number[] = []
  const begin = performance.now()
  const cpu = process.cpuUsage()
  await Promise.all(Array.from({ length: parallel }, async () => {
    while (performance.now() - begin < seconds * 1000) {
      const started = performance.now()
      await run()
      times.push(performance.now() - started)
    }
  }))
  const { user, system } = process.cpuUsage(cpu)
  const total = (performance.now() - begin) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number) => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(2))
  return { perSecond: Math.round(times.length / total), p50: at(0.5), p95: at(0.95), cpuMicros: Math.round((user + system) / times.length) }
}
