import { countDueActivity, countDueFigures, keepRelease } from '#server/db/figures'
import { controlPeriod } from '#shared/communities/figures'
import type { Services } from '../services.ts'

/** Publishes each month and week that is over: counted once, through disclosure control (RULES E3), then never counted again. */
export async function releaseFigures(services: Services) {
  return { released: await releaseTopic(services, 'conduct') + await releaseTopic(services, 'activity') }
}

const dueOf = { conduct: countDueFigures, activity: countDueActivity }

async function releaseTopic({ clients }: Services, topic: keyof typeof dueOf): Promise<number> {
  const { periods } = await dueOf[topic](clients)
  let released = 0
  for (const { station_id: station, period, starts_on, communities, counts } of periods) {
    const figures = controlPeriod({ period, topic, communities, counts: counts.map(({ community_id: communityId, ...count }) => ({ ...count, communityId })) })
    const { is_new } = await keepRelease(clients, { station, topic, period, starts_on }, figures)
    if (is_new) released += 1
  }
  return released
}

/** How many `releaseFigures` would publish now. */
export async function foreseeReleases({ clients }: Services) {
  const [conduct, activity] = await Promise.all([countDueFigures(clients), countDueActivity(clients)])
  return { released: conduct.periods.length + activity.periods.length }
}
