import { climbReportRows, foreseeClimbRows } from '#server/db/duty'
import type { Services } from '../services.ts'

/** What nobody has opened in time is told to the officer, then the lead, then the chief: each once, counted here by level (RULES D2). */
export async function climbReports({ clients }: Services) {
  const did = { officer: 0, lead: 0, chief: 0 }
  for (let hasMore = true; hasMore;) {
    const page = await climbReportRows(clients)
    for (const level of ['officer', 'lead', 'chief'] as const) did[level] += page[level]
    hasMore = page.has_more
  }
  return did
}

/** What `climbReports` would do now; of a long queue its first page. */
export async function foreseeClimbs({ clients }: Services) {
  const { officer, lead, chief } = await foreseeClimbRows(clients)
  return { officer, lead, chief }
}
