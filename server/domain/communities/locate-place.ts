import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import type { Community, Grid, ReferenceData } from '#shared/communities/reference-data'

export interface Place { community: Community | undefined, grid: Grid | undefined }

/**
 * Which community and grid a report belongs to: the point decides, then the grid that was chosen, then the community.
 * @param chosen `lat`/`lng` in degrees WGS 84, `grid` a grid's code or id, `community` a slug
 */
export function locatePlace({ communities }: Pick<ReferenceData, 'communities'>, chosen: { location?: { lat: number, lng: number }, grid?: string, community?: string }): Place {
  if (chosen.location) {
    const point = [chosen.location.lng, chosen.location.lat]
    for (const community of communities) {
      const grid = community.grids.find(({ boundary }) => booleanPointInPolygon(point, boundary))
      if (grid) return { community, grid }
    }
  }
  for (const community of communities) {
    const grid = chosen.grid ? community.grids.find(({ id, code }) => chosen.grid === id || chosen.grid === code) : undefined
    if (grid) return { community, grid }
  }
  return { community: communities.find(({ slug }) => slug === chosen.community), grid: undefined }
}
