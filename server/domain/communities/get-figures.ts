import { readDaysWithout, readFigures } from '#server/db/figures'
import { arrangeActivity, arrangeFigures, type Activity, type Figures } from '#shared/communities/figures'
import type { Services } from '../services.ts'
import { getReferenceData } from './get-reference-data.ts'

const ttlMilliseconds = 60_000
interface PublicFigures { conduct: Figures, activity: Activity, daysWithout: { asOf: string | null, communities: { community: string, days: number }[] } }
const kept = new WeakMap<Services, { at: number, figures: Promise<PublicFigures> }>()

/** How the station kept its promises. */
export const getFigures = async (services: Services, now = Date.now()): Promise<Figures> => (await getPublicFigures(services, now)).conduct

/** The station's public figures; kept for a minute, as they change once a week. */
export async function getPublicFigures(services: Services, now = Date.now()): Promise<PublicFigures> {
  const known = kept.get(services)
  if (known && now - known.at < ttlMilliseconds) return known.figures
  const figures = read(services)
  kept.set(services, { at: now, figures })
  figures.catch(() => kept.delete(services))
  return figures
}

async function read(services: Services): Promise<PublicFigures> {
  const [{ communities, former }, conduct, activity, without] = await Promise.all([getReferenceData(services), readFigures(services.clients), readFigures(services.clients, 'activity'), readDaysWithout(services.clients)])
  const slugOf = (id: string) => [...communities, ...former.communities].find(community => community.id === id)?.slug
  const keptOf = ({ releases }: typeof conduct) => releases.map(({ starts_on: startsOn, released_at: releasedAt, figures, period }) => ({ period, startsOn, releasedAt, figures: figures.map(({ community_id: communityId, ...figure }) => ({ ...figure, communityId })) }))
  return { conduct: arrangeFigures(keptOf(conduct), slugOf), activity: arrangeActivity(keptOf(activity), slugOf), daysWithout: { asOf: without.as_of, communities: without.communities } }
}
