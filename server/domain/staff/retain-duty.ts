import { purgeDutyRows } from '#server/db/duty'
import type { Services } from '../services.ts'

const page = 1000

/** Takes turns of the roster, with their notes, once their term is over. */
export async function retainDuty({ clients }: Services) {
  const did = { shifts: 0 }
  for (let hasMore = true; hasMore;) {
    const { removed, has_more: more } = await purgeDutyRows(clients, { limit: page })
    did.shifts += removed
    hasMore = more
  }
  return did
}

/** What `retainDuty` would take now. */
export async function foreseeRetainedDuty({ clients }: Services) {
  return { shifts: (await purgeDutyRows(clients, { limit: page, isDry: true })).removed }
}
