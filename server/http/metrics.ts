// Figures for Prometheus. Labels are route patterns, methods, statuses and names of jobs: never a station, a category or a person (RULES E3).
import { getRequestHeader, type H3Event } from 'h3'
import { createHash, timingSafeEqual } from 'node:crypto'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { checkReady } from '#server/domain/health'
import { readLastRuns } from '#server/domain/jobs/read-last-runs'
import { config } from '../config.ts'
import { getServices } from '../services.ts'

const registry = new Registry()
collectDefaultMetrics({ register: registry })
const requests = new Counter({ name: 'linli_http_requests_total', help: 'Requests answered, by pattern of the route.', labelNames: ['method', 'route', 'status'] as const, registers: [registry] })
const seconds = new Histogram({
  name: 'linli_http_request_seconds', help: 'Time to the end of the answer.', labelNames: ['method', 'route'] as const, registers: [registry],
  // Two seconds is what a visitor waits at most while the database is away.
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
})
const parts = new Gauge({ name: 'linli_part_up', help: '1 when the part answers: database, migrations, keys, storage.', labelNames: ['part'] as const, registers: [registry] })
const jobAges = new Gauge({ name: 'linli_job_last_run_seconds', help: 'Seconds since the last run of a job ended.', labelNames: ['job'] as const, registers: [registry] })
const jobFailures = new Gauge({ name: 'linli_job_failing', help: '1 when the last run of a job failed.', labelNames: ['job'] as const, registers: [registry] })

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** Counts one answer. Methods that nobody knows are one: a stranger must not make series. */
export function countRequest({ method, route, status, milliseconds }: { method: string, route: string, status: number | 'broken_off', milliseconds: number }) {
  const known = methods.includes(method) ? method : 'other'
  requests.inc({ method: known, route, status: String(status) })
  seconds.observe({ method: known, route }, milliseconds / 1000)
}

/** The text that Prometheus reads; what is away is 0 in it and fails nothing. */
export async function writeMetrics(now = Date.now()): Promise<{ type: string, text: string }> {
  const { checks } = await checkReady(getServices)
  for (const [part, isUp] of Object.entries(checks)) parts.set({ part }, isUp ? 1 : 0)
  jobAges.reset()
  jobFailures.reset()
  const runs = checks.database ? await getServices().then(readLastRuns).catch(() => []) : []
  for (const { name, endedAt, hasFailed } of runs) {
    if (endedAt) jobAges.set({ job: name }, Math.max(0, (now - endedAt.getTime()) / 1000))
    jobFailures.set({ job: name }, hasFailed ? 1 : 0)
  }
  return { type: registry.contentType, text: await registry.metrics() }
}

/** Any of these says that a proxy stands between: one that names no address, too. */
const forwarded = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'forwarded', 'x-real-ip', 'via']

/** Who asks on this machine itself, not through a proxy on it, or brings the token (RULES E3). */
export function mayReadMetrics(event: H3Event): boolean {
  const { metricsToken } = config()
  const [, given] = /^Bearer (.+)$/i.exec(getRequestHeader(event, 'authorization') ?? '') ?? []
  if (metricsToken && given && timingSafeEqual(digest(given), digest(metricsToken))) return true
  const address = event.node.req.socket?.remoteAddress ?? ''
  return ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(address) && !forwarded.some(name => getRequestHeader(event, name) !== undefined)
}

const digest = (text: string) => createHash('sha256').update(text).digest()
