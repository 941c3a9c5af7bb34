import { jobQueries } from '#server/db/jobs'
import type { Services } from '../services.ts'

export interface LastRun { name: string, endedAt: Date | undefined, hasFailed: boolean }

/** How the last run of each job ended. */
export async function readLastRuns({ clients }: Services): Promise<LastRun[]> {
  const runs = await jobQueries(clients).list()
  return runs.map(({ name, finished_at: at, failed_with: reason }) => ({ name, endedAt: at ? new Date(at) : undefined, hasFailed: reason !== null }))
}
