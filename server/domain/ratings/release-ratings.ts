import { countDueRatings, keepRelease, readRatingResults } from '#server/db/figures'
import { controlPeriod } from '#shared/communities/figures'
import { arrangeRatings, type RatingResults } from '#shared/ratings/rating-results'
import type { Services } from '../services.ts'

/** Publishes each round that is over: counted once, through disclosure control (RULES E3), then never counted again. */
export async function releaseRatings({ clients }: Services) {
  const { periods } = await countDueRatings(clients)
  let released = 0
  for (const { station_id: station, period, starts_on, communities, counts } of periods) {
    const figures = controlPeriod({ period, topic: 'ratings', communities, counts: counts.map(({ community_id: communityId, ...count }) => ({ ...count, communityId })) })
    if ((await keepRelease(clients, { station, topic: 'ratings', period, starts_on }, figures)).is_new) released += 1
  }
  return { released }
}

/** How many `releaseRatings` would publish now. */
export async function foreseeReleasedRatings({ clients }: Services) {
  return { released: (await countDueRatings(clients)).periods.length }
}

/** What is out, for everybody; staff see the same. */
export async function getRatingResults({ clients }: Services): Promise<RatingResults> {
  const { releases, rounds } = await readRatingResults(clients)
  return arrangeRatings(
    releases.map(({ starts_on: startsOn, released_at: releasedAt, figures }) => ({ startsOn, releasedAt, figures: figures.map(({ community_id: communityId, ...figure }) => ({ ...figure, communityId })) })),
    rounds.map(({ month, subjects, comments }) => ({
      month, subjects: subjects.map(({ community_id: communityId, badge_number: badgeNumber, ...subject }) => ({ ...subject, communityId, badgeNumber })), comments: comments.map(({ answered_on: answeredOn, ...comment }) => ({ ...comment, answeredOn })),
    })),
  )
}
