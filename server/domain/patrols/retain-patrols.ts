import { patrolJobQueries } from '#server/db/patrols'
import type { Services } from '../services.ts'

const page = 1000

/** Takes volunteers who left or were refused once their term is over. In pages. */
export async function retainPatrols({ clients }: Services) {
  let volunteers = 0
  for (let hasMore = true; hasMore;) {
    const { removed, has_more: more } = await patrolJobQueries(clients).retain(page)
    volunteers += removed
    hasMore = more
  }
  return { volunteers }
}

/** What `retainPatrols` would take now. */
export async function foreseeRetainedPatrols({ clients }: Services) {
  return { volunteers: (await patrolJobQueries(clients).retain(page, true)).removed }
}
