import { countDueFigures, keepRelease } from '#server/db/figures'
import { controlPeriod } from '#shared/communities/figures'
import type { Services } from '../services.ts'

/** Publishes each month and week that is over: counted once, through disclosure control (RULES E3), then never counted again. */
export async function releaseFigures({ clients }: Services) {
  const { periods } = await countDueFigures(clients)
  let released = 0
  for (const { station_id: station, period, starts_on, communities, counts } of periods) {
    const figures = controlPeriod({ period, communities, counts: counts.map(({ community_id: communityId, ...count }) => ({ ...count, communityId })) })
    const { is_new } = await keepRelease(clients, { station, topic: 'conduct', period, starts_on }, figures)
    if (is_new) released += 1
  }
  return { released }
}

/** How many `releaseFigures` would publish now. */
export async function foreseeReleases({ clients }: Services) {
  const { periods } = await countDueFigures(clients)
  return { released: periods.length }
}
