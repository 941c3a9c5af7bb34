import { foreseeRetention, removeOver } from '#server/db/retention'
import type { Did } from '../jobs/job.ts'
import type { Services } from '../services.ts'

const page = 100

/**
 * Removes what is over: closed reports with all that belongs to them, lifted bans, old slips and checks. Files go after their report; what a
 * crash leaves in between, `sweepFiles` finds. In pages.
 */
export async function retainReports({ clients, blobs }: Pick<Services, 'clients' | 'blobs'>): Promise<Did> {
  const did: Did = { reports: 0, files: 0, bans: 0, slips: 0, numbers: 0, checks: 0 }
  const add = (name: string, count: number) => { did[name] = (did[name] ?? 0) + count }
  for (let hasMore = true; hasMore;) {
    const taken = await removeOver(clients, page)
    for (const blob of taken.blobs) await blobs.remove(blob)
    add('reports', taken.reports)
    add('files', taken.blobs.length)
    add('bans', taken.bans)
    add('slips', taken.verification_batches)
    add('numbers', taken.confirmation_codes)
    add('checks', taken.seal_checks)
    for (const [category, count] of Object.entries(taken.by_category)) add(`reports.${category}`, count)
    hasMore = taken.has_more
  }
  return did
}

/** What `retainReports` would remove now, by kind of matter, and what it would leave although its time is over, by reason. */
export async function foreseeRetained({ clients }: Services): Promise<Did> {
  const { reports, files, held, bans, verification_batches, confirmation_codes, seal_checks } = await foreseeRetention(clients)
  const named = (prefix: string, counts: Did) => Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${prefix}.${name}`, count]))
  return {
    reports: Object.values(reports).reduce((sum, count) => sum + count, 0), files, bans, slips: verification_batches, numbers: confirmation_codes, checks: seal_checks,
    ...named('reports', reports), ...named('stays', held),
  }
}
