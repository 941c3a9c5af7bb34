import { randomUUID } from 'node:crypto'
import { AppError } from '#shared/errors'
import { jobQueries } from '#server/db/jobs'
import type { Services } from '../services.ts'
import type { Did, Job } from './job.ts'
import { jobs as registered } from './registry.ts'

/** A worker that dies gives its jobs free after this; one that lives renews long before. */
const leaseSeconds = 120

/** How the run of a job ended. `busy`: another worker is at it right now. */
export type JobEnd = { name: string } & ({ outcome: 'did', did: Did } | { outcome: 'failed', error: unknown } | { outcome: 'busy' })

interface RunOptions {
  jobs?: readonly Job[]
  worker?: string
  leaseSeconds?: number
}

/** Runs what is due, one after the other. A job that fails says so and does not stop the others. */
export async function runDueJobs(services: Services, { jobs = registered, worker = randomUUID(), ...options }: RunOptions = {}): Promise<JobEnd[]> {
  const ends: JobEnd[] = []
  for (const job of jobs) {
    const end = await runJob(services, job, { worker, isForced: false, ...options }).catch((error: unknown): JobEnd => ({ name: job.name, outcome: 'failed', error }))
    if (end && end.outcome !== 'busy') ends.push(end)
  }
  return ends
}

/** Runs a job under its lease; undefined when it is not due. @param isForced due or not */
export async function runJob(services: Services, { name, everySeconds, run }: Job, { worker, isForced, leaseSeconds: lease = leaseSeconds }: { worker: string, isForced: boolean, leaseSeconds?: number }): Promise<JobEnd | undefined> {
  const queries = jobQueries(services.clients)
  const { taken, busy } = await queries.claim({ name, worker, every_seconds: everySeconds, lease_seconds: lease, is_forced: isForced })
  if (!taken) return busy ? { name, outcome: 'busy' } : undefined
  // A renewal that does not come through is made up for by the next: three fit into a lease.
  const renewal = setInterval(() => void queries.renew({ name, worker, lease_seconds: lease }).catch(() => undefined), lease * 1000 / 3)
  try {
    const did = await run(services)
    await queries.finish({ name, worker, did })
    return { name, outcome: 'did', did }
  }
  catch (error) {
    await queries.finish({ name, worker, failed_with: wordFor(error) })
    return { name, outcome: 'failed', error }
  }
  finally {
    clearInterval(renewal)
  }
}

/** Codes and names of errors only: a message may hold anything. */
const wordFor = (error: unknown) => (error instanceof AppError ? error.code : error instanceof Error ? error.name : 'unknown').slice(0, 100)
