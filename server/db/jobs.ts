import { z } from 'zod'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })
const kept = done.extend({ kept: z.boolean() })
const run = z.object({ name: z.string(), started_at: z.string(), finished_at: z.string().nullable(), did: z.record(z.string(), z.number()), failed_with: z.string().nullable(), is_running: z.boolean() })

const claimJobAnswer = done.extend({ taken: z.boolean(), busy: z.boolean() })
const listJobRunsAnswer = done.extend({ runs: z.array(run) })

/** Leases and last runs of the jobs. */
export function jobQueries({ server }: Clients) {
  return {
    claim: (job: { name: string, worker: string, every_seconds: number, lease_seconds: number, is_forced: boolean }) => call(server, 'claim_job', { p: job }, claimJobAnswer),
    renew: (lease: { name: string, worker: string, lease_seconds: number }) => call(server, 'renew_job', { p: lease }, kept),
    finish: (end: { name: string, worker: string, did?: Record<string, number>, failed_with?: string }) => call(server, 'finish_job', { p: end }, kept),
    list: async () => (await call(server, 'list_job_runs', undefined as never, listJobRunsAnswer)).runs,
  }
}
