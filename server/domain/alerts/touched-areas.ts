import { boxOf, meet, sharedBy } from '#shared/communities/geometry/shapes'
import { firstCrossingOf } from '#shared/communities/geometry/crossings'
import type { Circle } from '#shared/alerts/published-alert'
import type { Area, ReferenceData } from '#shared/communities/reference-data'

/** Kilometres: the mean radius of the earth, as turf counts. */
const earthMeters = 6_371_008.8
const corners = 64

/** Which communities and grids a drawn shape touches: those that share ground with it, not a mere border. */
export function touchedAreas({ communities }: Pick<ReferenceData, 'communities'>, shape: Area | Circle): { communities: string[], grids: string[] } {
  const drawn = shape.type === 'Circle' ? ringOf(shape) : shape
  const box = boxOf(drawn)
  const touches = (area: Area) => meet(boxOf(area), box) && sharedBy(area, drawn).length > 0
  const touched = communities.filter(({ boundary }) => touches(boundary))
  return { communities: touched.map(({ id }) => id), grids: touched.flatMap(({ grids }) => grids.filter(({ boundary }) => touches(boundary)).map(({ id }) => id)) }
}

/** A polygon that crosses itself: nobody can say what lies inside. */
export const crossesItself = (shape: Area): boolean => firstCrossingOf(shape) !== undefined

/** A circle as a polygon of 64 corners, none of them inside it. @see the destination point of a great circle */
export function ringOf({ center: [lng, lat], radiusMeters }: Circle): Area {
  // The corners lie a little outside, so that the polygon's edges do not cut into the circle.
  const angle = radiusMeters / Math.cos(Math.PI / corners) / earthMeters
  const [phi, lambda] = [lat * Math.PI / 180, lng * Math.PI / 180]
  const ring = Array.from({ length: corners }, (_, index): [number, number] => {
    const bearing = -2 * Math.PI * index / corners
    const corner = Math.asin(Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing))
    const side = lambda + Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(phi), Math.cos(angle) - Math.sin(phi) * Math.sin(corner))
    return [side * 180 / Math.PI, corner * 180 / Math.PI]
  })
  const [first] = ring
  return { type: 'Polygon', coordinates: [first ? [...ring, first] : ring] }
}
