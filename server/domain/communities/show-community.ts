import { AppError } from '#shared/errors'
import type { CommunitiesPage, CommunityPage } from '#shared/communities/community-pages'
import type { ReferenceData } from '#shared/communities/reference-data'

/** What the list of communities shows. */
export function showCommunities({ station, communities }: ReferenceData): CommunitiesPage {
  return {
    station: station && { name: station.name, phone: station.phone, address: station.address },
    communities,
    officers: communities.map(({ slug, officers }) => ({ slug, names: officers.filter(({ kind }) => kind === 'officer').map(({ name }) => name) })),
  }
}

/** What the page of one community shows. @throws AppError not_found */
export function showCommunity({ communities }: ReferenceData, slug: string): CommunityPage {
  const community = communities.find(candidate => candidate.slug === slug)
  if (!community) throw new AppError('not_found')
  const { name, office, grids, boundary, map } = community
  return {
    community: { slug, name, office, grids, boundary, map },
    officers: community.officers.map(({ name, badge_number: badgeNumber, kind }) => ({ name, badgeNumber, isStandIn: kind === 'stand_in' })),
  }
}
