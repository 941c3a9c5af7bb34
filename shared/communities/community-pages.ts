import type { MapCommunity } from './draw-map.ts'
import type { Community, Localised } from './reference-data.ts'

/** The list of communities: all of them on one map. */
export interface CommunitiesPage {
  station: { name: Localised, phone: string | null, address: Localised | null } | null
  communities: MapCommunity[]
  officers: { slug: string, names: Localised[] }[]
}

/** One community: who looks after it, where and when to find them, its grids. */
export interface CommunityPage {
  community: Pick<Community, 'slug' | 'name' | 'office' | 'grids' | 'boundary' | 'map'>
  officers: { name: Localised, badgeNumber: string, isStandIn: boolean }[]
}
