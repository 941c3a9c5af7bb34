// Postgres away for ten seconds under load, twice: it hangs (SIGSTOP), and it is gone and cannot start. Every request is answered within
// two seconds, with 503 in words while it is away; two seconds after it is back everything works; nothing acknowledged is lost.
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { startPortal } from '../portal.ts'
import { aReport, address, openKeys, report, send, solveBeforehand, type Answer } from './station.ts'

const seconds = { before: 4, away: 10, after: 6 }
const parallel = 10
const created = z.object({ reference: z.string(), receipt: z.string() })
interface Seen { kind: 'create' | 'page' | 'track', startedAt: number, ms: number, answer: Answer | undefined }

const portal = await startPortal({ env: { TRUST_PROXY: '1', LINLI_LOG_LEVEL: 'silent' } })
const cluster = join(portal.dataDir, 'postgres/data')
const postmaster = () => Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0])
const control = join(cluster, 'global/pg_control')
const acknowledged: z.infer<typeof created>[] = []

try {
  const keys = await openKeys(portal)
  const rounds = {
    hangs: await round(await solveBeforehand(keys, 2500), 0, () => signalAll('SIGSTOP'), () => signalAll('SIGCONT')),
    gone: await round(await solveBeforehand(keys, 2500), 5000, () => {
      renameSync(control, `${control}.away`)
      process.kill(postmaster(), 'SIGKILL')
    }, () => renameSync(`${control}.away`, control)),
  }
  let readable = 0
  for (const { reference, receipt } of acknowledged) if ((await send(`${portal.url}/api/reports/${reference}`, { headers: { 'x-receipt': receipt } })).status === 200) readable++
  const lost = acknowledged.length - readable
  report('away', { seconds, parallel, rounds, acknowledged: acknowledged.length, lost })
  console.table(rounds)
  process.stdout.write(`acknowledged ${acknowledged.length}, lost ${lost}\n`)
  process.exitCode = lost === 0 && Object.values(rounds).every(({ isGood }) => isGood) ? 0 : 1
}
finally {
  await portal.stop()
}

async function round(challenges: string[], firstAddress: number, goAway: () => void, comeBack: () => void) {
  const seen: Seen[] = []
  const startedAt = performance.now()
  const endsAt = startedAt + (seconds.before + seconds.away + seconds.after) * 1000
  let awayAt = Number.POSITIVE_INFINITY
  let backAt = Number.POSITIVE_INFINITY
  setTimeout(() => {
    awayAt = performance.now()
    goAway()
  }, seconds.before * 1000)
  setTimeout(() => {
    comeBack()
    backAt = performance.now()
  }, (seconds.before + seconds.away) * 1000)

  const one = async (n: number) => {
    const kind = n % 5 === 0 ? 'page' : n % 5 === 1 && acknowledged.length ? 'track' : 'create'
    const began = performance.now()
    const from = address(firstAddress + n)
    const known = acknowledged[n % (acknowledged.length || 1)]
    const altcha = kind === 'create' ? challenges.pop() : undefined
    if (kind === 'create' && !altcha) throw new Error('not enough challenges were solved beforehand')
    const answer = await (kind === 'page'
      ? send(`${portal.url}/zh/communities/ping-an`, { headers: { accept: 'text/html' }, from })
      : kind === 'track'
        ? send(`${portal.url}/api/reports/${known?.reference}`, { headers: { 'x-receipt': known?.receipt ?? '' }, from })
        : send(`${portal.url}/api/reports`, { method: 'POST', body: aReport(altcha ?? '', n), from })).catch(() => undefined)
    seen.push({ kind, startedAt: began, ms: performance.now() - began, answer })
    if (kind === 'create' && answer?.status === 201) acknowledged.push(created.parse(JSON.parse(answer.body)))
  }
  let next = 0
  await Promise.all(Array.from({ length: parallel }, async () => {
    while (performance.now() < endsAt) {
      await one(next++)
      // A load of some ten a second each: the answers while away come in a millisecond, and nobody asks a thousand times a second.
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }))

  const statuses = (of: Seen[]) => of.reduce<Record<string, number>>((counts, { answer }) => ({ ...counts, [answer?.status ?? 'none']: (counts[answer?.status ?? 'none'] ?? 0) + 1 }), {})
  const during = seen.filter(({ startedAt: at, ms }) => at + ms >= awayAt && at < backAt)
  const goodAgain = seen.filter(({ startedAt: at, answer }) => at >= backAt && answer && answer.status < 300).map(({ startedAt: at, ms }) => at + ms - backAt)
  const badAfter = seen.filter(({ startedAt: at, answer }) => at >= backAt + 2000 && (!answer || answer.status >= 400))
  const slowest = Math.max(...seen.map(({ ms }) => ms))
  const others = during.filter(({ answer }) => answer?.status !== 503 && (!answer || answer.status >= 300))
  const wordless = during.filter(({ answer, kind }) => answer?.status === 503 && !(answer.headers['retry-after'] && (kind === 'page' ? /110/ : /"code":"unavailable"/).test(answer.body)))
  const figures = {
    requests: seen.length, 'answered while away': during.length, 'slowest ms': Math.round(slowest), 'first good after ms': Math.round(Math.min(...goodAgain)),
    'last bad after ms': Math.round(Math.max(0, ...seen.filter(({ startedAt: at, answer }) => at >= backAt && (!answer || answer.status >= 400)).map(({ startedAt: at, ms }) => at + ms - backAt))),
    'neither 503 nor done': others.length, '503 without words': wordless.length,
  }
  process.stdout.write(`while away: ${JSON.stringify(statuses(during))}; from 2 s after it is back: ${JSON.stringify(statuses(seen.filter(({ startedAt: at }) => at >= backAt + 2000)))}\n`)
  return { ...figures, isGood: slowest <= 2000 && others.length === 0 && wordless.length === 0 && badAfter.length === 0 && goodAgain.length > 0 }
}

/** The postmaster and everything it started. */
function signalAll(signal: NodeJS.Signals) {
  const pid = postmaster()
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  for (const one of [pid, ...children]) process.kill(one, signal)
}
