import { readFigures } from '#server/db/figures'
import { arrangeFigures, type Figures } from '#shared/communities/figures'
import type { Services } from '../services.ts'
import { getReferenceData } from './get-reference-data.ts'

const ttlMilliseconds = 60_000
const kept = new WeakMap<Services, { at: number, figures: Promise<Figures> }>()

/** The station's public figures; kept for a minute, as they change once a week. */
export async function getFigures(services: Services, now = Date.now()): Promise<Figures> {
  const known = kept.get(services)
  if (known && now - known.at < ttlMilliseconds) return known.figures
  const figures = read(services)
  kept.set(services, { at: now, figures })
  figures.catch(() => kept.delete(services))
  return figures
}

async function read(services: Services): Promise<Figures> {
  const [{ communities, former }, { releases }] = await Promise.all([getReferenceData(services), readFigures(services.clients)])
  return arrangeFigures(
    releases.map(({ starts_on, released_at, figures, period }) => ({ period, startsOn: starts_on, releasedAt: released_at, figures: figures.map(({ community_id: communityId, ...figure }) => ({ ...figure, communityId })) })),
    id => [...communities, ...former.communities].find(community => community.id === id)?.slug,
  )
}
