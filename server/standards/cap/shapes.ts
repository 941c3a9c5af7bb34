import type { AlertShape } from '#shared/alerts/published-alert'

type Position = readonly number[]

/** A shape in the words that CAP and GB/T 35965.1 share: closed rings, or a circle. */
export interface WrittenShape { polygons: string[], circles: string[] }

/** Six decimals are a tenth of a metre; more would pretend. */
const degrees = (value: number) => String(Number(value.toFixed(6)))
const pair = ([lng = 0, lat = 0]: Position) => `${degrees(lat)},${degrees(lng)}`

/**
 * A shape as `lat,lon lat,lon …` (WGS 84, first pair = last) and `lat,lon radius`.
 * Neither standard knows holes: an area with one is written whole, which warns some too many and nobody too few.
 * @param radiusUnit kilometres in CAP 1.2 §3.2.4 circle, metres in GB/T 35965.1
 */
export function writeShape(shape: AlertShape, radiusUnit: 'km' | 'm'): WrittenShape {
  if (shape.type === 'Circle') {
    const radius = radiusUnit === 'km' ? shape.radiusMeters / 1000 : shape.radiusMeters
    return { polygons: [], circles: [`${pair(shape.center)} ${Number(radius.toFixed(radiusUnit === 'km' ? 6 : 3))}`] }
  }
  const rings = shape.type === 'Polygon' ? shape.coordinates.slice(0, 1) : shape.coordinates.flatMap(polygon => polygon.slice(0, 1))
  return { polygons: rings.map(ring => closed(ring).map(pair).join(' ')), circles: [] }
}

function closed(ring: readonly Position[]): readonly Position[] {
  const [first, last] = [ring[0], ring.at(-1)]
  return first && last && (first[0] !== last[0] || first[1] !== last[1]) ? [...ring, first] : ring
}

/** The shape that was written. @throws when a number is missing or there is nothing */
export function readShape({ polygons, circles }: WrittenShape, radiusUnit: 'km' | 'm'): AlertShape {
  const [circle] = circles
  if (circle !== undefined) {
    const [center = '', radius = ''] = circle.split(' ')
    return { type: 'Circle', center: readPair(center), radiusMeters: Number((numberOf(radius) * (radiusUnit === 'km' ? 1000 : 1)).toFixed(3)) }
  }
  const rings = polygons.map(polygon => polygon.trim().split(/\s+/).map(readPair))
  const [only] = rings
  if (!only) throw new Error('an area has neither polygon nor circle')
  return rings.length === 1 ? { type: 'Polygon', coordinates: [only] } : { type: 'MultiPolygon', coordinates: rings.map(ring => [ring]) }
}

function readPair(written: string): [number, number] {
  const [lat = '', lng = ''] = written.split(',')
  return [numberOf(lng), numberOf(lat)]
}

function numberOf(written: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(written)) throw new Error(`${written} is no number`)
  return Number(written)
}
