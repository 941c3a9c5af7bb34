// A queue full of mails, a mail server that fails, two workers of which one is killed again and again: what arrived?
import { fork, type ChildProcess } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { aboutReport } from '../../server/domain/reports/report-content.ts'
import { openServices } from '../../server/domain/services.ts'
import { parseMasterKeys, sealText } from '../../server/domain/trust/envelope.ts'
import { usualPace } from '../../server/outbox/deliver.ts'
import { startTestBackend, type TestBackend } from '../../supabase/embedded/test-backend.ts'
import { openSmtpSink, type Fate } from '../smtp-sink.ts'

export interface OutboxRun {
  mails: number
  refusedForGood: number
  /** Mails the server took over, duplicates included. */
  accepted: number
  /** Mails that were to arrive and did not. */
  lost: number
  /** Mails refused for good that are not dead letters, or arrived all the same. */
  misjudged: number
  duplicates: number
  /** What the kills may cost: mails under way at each of them. */
  duplicatesAllowed: number
  kills: number
  statuses: Record<string, number>
  seconds: number
  perSecond: number
  /** Of the worker that lives through: median of the second quarter and of the last, MB. */
  memory: { early: number, late: number, isFlat: boolean }
  isGood: boolean
}

/** One in fifty is refused for good. Of the other attempts one in ten is put off and one in twenty meets a connection that drops. */
const isRefusedForGood = (n: number) => n % 50 === 7
const leaseSeconds = 4

/** @param seed of the server's moods, so that a run can be repeated */
export async function runOutbox({ mails, kills, seed = 1, limitSeconds }: { mails: number, kills: number, seed?: number, limitSeconds: number }): Promise<OutboxRun> {
  const backend = await startTestBackend()
  const random = randomFrom(seed)
  const sink = await openSmtpSink((address) => {
    if (isRefusedForGood(numberOf(address))) return numberOf(address) % 100 < 50 ? 'refuse_address' : 'refuse_text'
    const mood = random()
    const failures: [number, Fate][] = [[0.05, 'busy_address'], [0.1, 'busy_text'], [0.125, 'drop_at_address'], [0.15, 'drop_in_text']]
    return failures.find(([below]) => mood < below)?.[1] ?? 'accept'
  })
  const masterKeys = `b:${randomBytes(32).toString('base64')}`
  const workers: ChildProcess[] = []
  const start = (name: string) => {
    const { url, publishableKey, secretKey } = backend
    const worker = fork(join(import.meta.dirname, 'outbox-worker.ts'), [JSON.stringify({ supabase: { url, publishableKey, secretKey }, masterKeys, smtpUrl: sink.url, leaseSeconds, name })], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    workers.push(worker)
    return worker
  }
  try {
    await fill(backend, masterKeys, mails)
    const startedAt = performance.now()
    const steady = start('steady')
    let mortal = start('mortal-0')
    const killAt = Array.from({ length: kills }, (_, n) => Math.round(mails * (0.15 + 0.6 * n / Math.max(1, kills))))
    let killed = 0
    const memory: number[] = []
    for (let tick = 0; ; tick++) {
      await new Promise(resolve => setTimeout(resolve, 50))
      if (tick % 10 === 0) memory.push(residentMegabytes(steady.pid))
      if (killed < kills && sink.accepted.length >= (killAt[killed] ?? 0)) {
        mortal.kill('SIGKILL')
        mortal = start(`mortal-${++killed}`)
      }
      if (tick % 10 === 0 && killed === kills && await waiting(backend) === 0) break
      if (performance.now() - startedAt > limitSeconds * 1000) throw new Error(`the outbox was not empty after ${limitSeconds} seconds: ${await waiting(backend)} wait`)
    }
    const seconds = (performance.now() - startedAt) / 1000
    return await judge(backend, sink.accepted.map(({ messageId, to }) => ({ messageId, n: numberOf(to) })), { mails, kills, seconds, memory })
  }
  finally {
    for (const worker of workers) worker.kill('SIGKILL')
    await sink.close()
    await backend.stop()
  }
}

const numberOf = (address: string) => Number(/^m(\d+)@/.exec(address)?.[1])

/** Mails of reports with sealed addresses. The clock stands at noon: nobody sleeps. */
async function fill({ sql, url, publishableKey, secretKey }: TestBackend, masterKeys: string, mails: number) {
  const { keys } = await openServices({ supabase: { url, publishableKey, secretKey }, masterKeys: parseMasterKeys(masterKeys), isDemo: false, publicUrl: '' })
  const { id: keyId, key } = keys.secret('outbox')
  await sql`insert into private.settings (key, value) select 'clock_offset', to_jsonb(((date_trunc('day', now() at time zone 'Asia/Shanghai') + interval '36 hours') at time zone 'Asia/Shanghai' - now())::text)`
  for (let from = 0; from < mails; from += 1000) {
    const rows = Array.from({ length: Math.min(1000, mails - from) }, (_, index) => {
      const report = randomUUID()
      return { channel: 'email', template: 'reports.received', noun: 'reports', noun_id: report, locale: index % 2 ? 'en' : 'zh', recipient_sealed: sealText(key, `m${from + index}@bench.example`, aboutReport(report, 'notify'), keyId) }
    })
    await sql`insert into public.outbox ${sql(rows)}`
  }
}

const waiting = async ({ sql }: TestBackend) => Number((await sql<{ n: string }[]>`select count(*) as n from public.outbox where status = 'queued'`)[0]?.n)

async function judge({ sql }: TestBackend, accepted: { messageId: string, n: number }[], { mails, kills, seconds, memory }: { mails: number, kills: number, seconds: number, memory: number[] }): Promise<OutboxRun> {
  const numbers = Array.from({ length: mails }, (_, n) => n)
  const arrived = new Set(accepted.map(({ n }) => n))
  const statuses = Object.fromEntries((await sql<{ status: string, n: string }[]>`select status, count(*) as n from public.outbox group by status`).map(({ status, n }) => [status, Number(n)]))
  const refusedForGood = numbers.filter(isRefusedForGood).length
  const lost = numbers.filter(n => !isRefusedForGood(n) && !arrived.has(n)).length
  const misjudged = numbers.filter(n => isRefusedForGood(n) && arrived.has(n)).length + Math.abs((statuses.dead ?? 0) - refusedForGood) + Math.abs((statuses.sent ?? 0) - (mails - refusedForGood))
  const duplicates = accepted.length - new Set(accepted.map(({ messageId }) => messageId)).size
  const duplicatesAllowed = kills * usualPace.concurrency
  const quarter = (from: number, to: number) => median(memory.slice(Math.floor(memory.length * from), Math.ceil(memory.length * to)))
  const [early, late] = [quarter(0.25, 0.5), quarter(0.75, 1)]
  return {
    mails, refusedForGood, accepted: accepted.length, lost, misjudged, duplicates, duplicatesAllowed, kills, statuses,
    seconds: Number(seconds.toFixed(1)), perSecond: Math.round(accepted.length / seconds),
    memory: { early, late, isFlat: late <= early * 1.2 + 5 },
    isGood: lost === 0 && misjudged === 0 && duplicates <= duplicatesAllowed,
  }
}

const residentMegabytes = (pid = 0) => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** mulberry32: small, even, and the same everywhere. */
function randomFrom(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
