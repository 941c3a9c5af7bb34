import { AppError } from '#shared/errors'
import { readPublicNotices } from '#server/db/notices'
import type { CommunitiesPage, CommunityPage, FiguresPage, PublicNotice } from '#shared/communities/community-pages'
import type { ReferenceData } from '#shared/communities/reference-data'
import type { Services } from '../services.ts'
import { getRatingResults } from '../ratings/release-ratings.ts'
import { listPublicPatrols } from '../patrols/own-patrols.ts'
import { getFigures, getPublicFigures } from './get-figures.ts'
import { getReferenceData } from './get-reference-data.ts'

/** What the list of communities shows. */
export function showCommunities({ station, communities }: ReferenceData): CommunitiesPage {
  return {
    station: station && { name: station.name, phone: station.phone, address: station.address },
    communities,
    officers: communities.map(({ slug, officers }) => ({ slug, names: officers.filter(({ kind }) => kind === 'officer').map(({ name }) => name) })),
  }
}

/** What the page of one community shows. @throws AppError not_found */
export async function showCommunity(services: Services, slug: string): Promise<CommunityPage> {
  const { communities, categories, former } = await getReferenceData(services)
  const community = communities.find(candidate => candidate.slug === slug)
  if (!community) throw new AppError('not_found')
  const [{ conduct: { months: [newest] }, activity: { months: [happened] }, daysWithout }, notices, { rounds: [round] }, { patrols }] = await Promise.all([getPublicFigures(services), listPublicNotices(services, slug), getRatingResults(services), listPublicPatrols(services)])
  const received = happened?.received.find(candidate => candidate.community === slug)
  const kindOf = (code: string) => [...categories, ...former.categories].find(category => category.code === code)?.name ?? { zh: code, en: code }
  const rated = round?.officers.find(officer => officer.community === slug)
  const row = newest?.rows.find(candidate => candidate.community === slug)
  const { name, office, grids, boundary, map } = community
  return {
    community: { slug, name, office, grids, boundary, map },
    officers: community.officers.map(({ name, badge_number: badgeNumber, kind }) => ({ name, badgeNumber, isStandIn: kind === 'stand_in' })),
    month: newest && row ? { startsOn: newest.startsOn, row } : null,
    notices,
    received: happened && received ? { startsOn: happened.startsOn, base: received.base, kinds: received.kinds.filter(({ count }) => count > 0).map(({ category, count }) => ({ name: kindOf(category), count })) } : null,
    rating: round && rated ? { month: round.month, satisfied: rated.rates.satisfied } : null,
    daysWithout: daysWithout.communities.find(candidate => candidate.community === slug)?.days ?? null,
    patrols: [...new Set(patrols.filter(patrol => patrol.community === slug).map(({ day }) => day))].slice(0, 5),
  }
}

/** Solved cases of a community, newest first; none for a community that does not exist. */
export async function listPublicNotices({ clients }: Services, slug: string): Promise<PublicNotice[]> {
  const { notices } = await readPublicNotices(clients, slug)
  return notices.map(({ published_on: publishedOn, ...notice }) => ({ ...notice, publishedOn }))
}

/** What the page of the public figures shows. */
export async function showFigures(services: Services): Promise<FiguresPage> {
  const [{ communities, former }, figures] = await Promise.all([getReferenceData(services), getFigures(services)])
  return { figures, communities: [...communities, ...former.communities].map(({ slug, name }) => ({ slug, name })) }
}
