import { workloadQueries, type ExportedCase } from '#server/db/workload'
import type { Actor } from '../accounts/actor.ts'
import { dayRange } from '../communities/day-range.ts'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'

export type { ExportedCase } from '#server/db/workload'

/** A page holds so many cases: each is one short statement (RULES A7). */
const casesAPage = 500

/**
 * The caller's cases, page by page, oldest first: codes and times, no words of anybody. Logged once, when the first page is read.
 * @param days `YYYY-MM-DD` in the zone of the station, both counting in
 * @throws AppError forbidden, before anything is answered
 */
export async function exportCases(services: Services, actor: Actor, days: { from?: string | undefined, to?: string | undefined }) {
  const reference = await getReferenceData(services)
  const range = dayRange(days, reference.station?.time_zone ?? 'Asia/Shanghai')
  const read = (cursor?: unknown) => workloadQueries(services.clients, actor).exportPage({ ...range, limit: casesAPage, ...(cursor !== undefined && { cursor }) })
  const first = await read()

  async function* pages(): AsyncGenerator<ExportedCase[]> {
    for (let page = first; ; page = await read(page.next_cursor)) {
      yield page.cases
      if (!page.next_cursor) return
    }
  }
  return { timeZone: first.time_zone, reference, pages: pages() }
}
