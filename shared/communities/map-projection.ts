import type { Area } from './reference-data.ts'

export interface Spot { lat: number, lng: number }
export interface Pixel { x: number, y: number }

/** A rectangle of the earth laid on a drawing: `x` grows eastwards, `y` southwards. */
export interface MapFrame {
  west: number
  north: number
  /** Degrees per unit of the drawing. */
  lngPerUnit: number
  latPerUnit: number
  width: number
  height: number
}

/** All positions of an area, [longitude, latitude]. */
export function positionsOf(area: Area): number[][] {
  return area.type === 'Polygon' ? area.coordinates.flat() : area.coordinates.flat(2)
}

/**
 * The frame around some areas. Flat (equirectangular) with the middle's scale: over the few kilometres of a station it is less
 * than a metre off.
 * @param width units of the drawing; 800 is about what a phone shows at double density
 * @param margin units left free on each side
 */
export function frameAround(areas: readonly Area[], width = 800, margin = 14): MapFrame {
  const positions = areas.flatMap(positionsOf)
  const lngs = positions.map(([lng = 0]) => lng)
  const lats = positions.map(([, lat = 0]) => lat)
  if (positions.length === 0) return { west: 0, north: 0, lngPerUnit: 1, latPerUnit: 1, width, height: width }
  const [west, east, south, north] = [Math.min(...lngs), Math.max(...lngs), Math.min(...lats), Math.max(...lats)]
  const lngPerUnit = Math.max(east - west, 1e-6) / (width - 2 * margin)
  const latPerUnit = lngPerUnit * Math.cos((south + north) / 2 * Math.PI / 180)
  const height = Math.ceil((north - south) / latPerUnit + 2 * margin)
  return { west: west - margin * lngPerUnit, north: north + margin * latPerUnit, lngPerUnit, latPerUnit, width, height }
}

/** Where a spot lies on the drawing; outside of it too. */
export function project(frame: MapFrame, { lat, lng }: Spot): Pixel {
  return { x: (lng - frame.west) / frame.lngPerUnit, y: (frame.north - lat) / frame.latPerUnit }
}

/** The spot under a point of the drawing, to six decimals (a tenth of a metre). */
export function unproject(frame: MapFrame, { x, y }: Pixel): Spot {
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6
  return { lat: round(frame.north - y * frame.latPerUnit), lng: round(frame.west + x * frame.lngPerUnit) }
}
