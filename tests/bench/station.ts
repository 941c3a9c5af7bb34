// What the benches share: a portal with its own database, raw pg beside it, solved challenges, and a stopwatch.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import pg from 'pg'
import { z } from 'zod'
import { openServices } from '../../server/domain/services.ts'
import { makeChallenge } from '../../server/domain/trust/challenge.ts'
import { parseMasterKeys } from '../../server/domain/trust/envelope.ts'
import type { KeyRing } from '../../server/domain/trust/key-ring.ts'
import type { Portal } from '../portal.ts'

const keysFile = z.object({ url: z.string(), publishableKey: z.string(), secretKey: z.string(), masterKeys: z.string() })

/** A superuser's pool on the embedded database of a portal: for raw figures and for arranging rows. */
export function rawPool(portal: Portal, max = 10): pg.Pool {
  const cluster = join(portal.dataDir, 'postgres')
  const [, , , port] = readFileSync(join(cluster, 'data', 'postmaster.pid'), 'utf8').split('\n')
  const password = readFileSync(join(cluster, 'superuser.password'), 'utf8')
  return new pg.Pool({ connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, max })
}

/** The portal's own keys, so that challenges can be solved beforehand. */
export async function openKeys(portal: Portal): Promise<KeyRing> {
  const { url, publishableKey, secretKey, masterKeys } = keysFile.parse(JSON.parse(readFileSync(join(portal.dataDir, 'keys.json'), 'utf8')))
  const services = await openServices({ supabase: { url, publishableKey, secretKey }, masterKeys: parseMasterKeys(masterKeys), isDemo: true, publicUrl: portal.url, blobFolder: join(portal.dataDir, 'blobs') })
  return services.keys
}

/** Solved challenges, each good for one send. Their answer lies near, which changes nothing for the server that checks them. */
export async function solveBeforehand(keys: KeyRing, count: number): Promise<string[]> {
  const payloads: string[] = []
  for (let made = 0; made < count; made++) {
    const challenge = await makeChallenge(keys, 1, Date.now())
    const solution = await solveChallenge({ challenge, deriveKey })
    payloads.push(Buffer.from(JSON.stringify({ challenge, solution })).toString('base64'))
  }
  return payloads
}

export interface Answer { status: number, body: string, headers: Record<string, unknown> }

const agent = new Agent({ keepAlive: true, maxSockets: 600 })

/** One request over a kept connection. Each `from` is an address of its own (the portal of a bench trusts one proxy). */
export function send(url: string, { method = 'GET', body, headers = {}, from = '198.51.100.1' }: { method?: string, body?: unknown, headers?: Record<string, string>, from?: string } = {}): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const call = request(url, {
      method, agent, headers: { 'x-forwarded-for': from, ...(text && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }), ...headers },
    }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
        .on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), headers: response.headers }))
    })
    call.on('error', reject)
    call.end(text)
  })
}

export const address = (n: number): string => `198.18.${Math.floor(n / 250) % 250}.${n % 250 + 1}`

/** An invented report of about 400 characters. */
export function aReport(altcha: string, n: number) {
  return {
    category: 'theft', community: 'ping-an', locale: 'zh', altcha, idempotencyKey: crypto.randomUUID(), contact: { mode: 'anonymous' },
    description: `第 ${n} 件：昨天夜里，停在单元门口的电动车电瓶被人撬走了，车锁也坏了。邻居说大约两点钟听到声音，看到一个穿深色外套的人往北门走。`.repeat(4),
  }
}

export interface Figure { perSecond: number, p50: number, p95: number, errors: number, count: number }

/** Runs `act` in `parallel` loops for some seconds, or until it says that there is nothing left. */
export async function measure(act: (n: number) => Promise<unknown>, { parallel, seconds, count = Number.POSITIVE_INFINITY }: { parallel: number, seconds: number, count?: number }): Promise<Figure> {
  const times: number[] = []
  let errors = 0
  let next = 0
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: parallel }, async () => {
    while (performance.now() - startedAt < seconds * 1000 && next < count) {
      const before = performance.now()
      if (await act(next++).catch(() => false) === false) errors++
      times.push(performance.now() - before)
    }
  }))
  const elapsed = (performance.now() - startedAt) / 1000
  times.sort((a, b) => a - b)
  const at = (share: number) => Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2))
  return { perSecond: Math.round(times.length / elapsed), p50: at(0.5), p95: at(0.95), errors, count: times.length }
}

/** Resident memory of the processes of a portal, in MB, by what they run. */
export function residentMemory(portal: Portal): Record<string, number> {
  const found: Record<string, number> = {}
  const visit = (pid: number) => {
    const status = readProc(`/proc/${pid}/status`)
    const command = readProc(`/proc/${pid}/cmdline`).split('\0')
    const name = command.find(part => /serve\.ts|embedded\/main\.ts|server\/index\.mjs/.test(part))?.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '') ?? (/^postgres/.test(command[0] ?? '') ? 'postgres (all)' : command[0] ?? '')
    const megabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
    const label = /postgres/.test(name) && !/main\.ts/.test(name) ? 'postgres (all)' : name
    found[label] = Math.round((found[label] ?? 0) + megabytes)
    for (const child of readProc(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean)) visit(Number(child))
  }
  visit(portal.pid)
  return found
}

const readProc = (path: string) => existsSync(path) ? readFileSync(path, 'utf8') : ''

/** Keeps a result as JSON and shows it. */
export function report(name: string, figures: unknown): void {
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ at: new Date().toISOString(), ...figures as object }, null, 2)}\n`)
  process.stdout.write(`\n${name}\n`)
}
