import { ratingQueries } from '#server/db/ratings'
import type { Services } from '../services.ts'

const page = 2000

/** Takes ratings and words whose time is over; what was published stays. */
export async function retainRatings({ clients }: Services) {
  const did = { ratings: 0, comments: 0 }
  for (let hasMore = true; hasMore;) {
    const { ratings, comments, has_more: more } = await ratingQueries(clients).retain(page)
    did.ratings += ratings
    did.comments += comments
    hasMore = more
  }
  return did
}

/** What `retainRatings` would take now. */
export async function foreseeRetainedRatings({ clients }: Services) {
  const { ratings, comments } = await ratingQueries(clients).retain(page, true)
  return { ratings, comments }
}
