import type { Area } from '../reference-data.ts'
import { sixDecimals } from './read-areas.ts'

/** Whole numbers of a centimetre: products of differences stay exact up to nine degrees across. */
const units = 1e7
type Segment = { ring: number, index: number, ax: number, ay: number, bx: number, by: number, west: number, east: number, south: number, north: number }

/** The first place where an outline crosses or touches itself, undefined for a clean one. */
export function firstCrossingOf(area: Area): { lat: number, lng: number } | undefined {
  for (const rings of area.type === 'Polygon' ? [area.coordinates] : area.coordinates) {
    const lengths = rings.map(ring => ring.length - 1)
    const isBeside = (a: Segment, b: Segment) => a.ring === b.ring && [1, (lengths[a.ring] ?? 0) - 1].includes(Math.abs(a.index - b.index))
    for (const [a, b] of pairsIn(segmentsOf(rings))) {
      if (!isBeside(a, b) && touches(a, b)) return placeOf(a, b)
    }
  }
  return undefined
}

/**
 * In how many places two outlines cross each other, counted up to `most`; sides that only touch or lie on each other do not count.
 * What two areas share falls into half as many pieces, each of which takes memory.
 */
export function countCrossings(a: Area, b: Area, most: number): number {
  const [own = [], others = []] = [a, b].map(area => (area.type === 'Polygon' ? area.coordinates : area.coordinates.flat()))
  let found = 0
  for (const [one, other] of pairsIn(segmentsOf([...own, ...others]))) {
    if ((one.ring < own.length) !== (other.ring < own.length) && crosses(one, other) && ++found === most) return most
  }
  return found
}

function segmentsOf(rings: readonly (readonly number[])[][]): Segment[] {
  return rings.flatMap((ring, number) => ring.slice(1).map(([lng = 0, lat = 0], index) => {
    const [fromLng = 0, fromLat = 0] = ring[index] ?? []
    const [ax, ay, bx, by] = [fromLng, fromLat, lng, lat].map(degrees => Math.round(degrees * units)) as [number, number, number, number]
    return { ring: number, index, ax, ay, bx, by, west: Math.min(ax, bx), east: Math.max(ax, bx), south: Math.min(ay, by), north: Math.max(ay, by) }
  }))
}

/** Pairs whose boxes touch, found from west to east: near outlines of short sides few more than there are sides. */
function* pairsIn(segments: Segment[]): Generator<[Segment, Segment]> {
  let open: Segment[] = []
  for (const one of segments.toSorted((a, b) => a.west - b.west)) {
    open = open.filter(({ east }) => east >= one.west)
    for (const other of open) {
      if (other.south <= one.north && one.south <= other.north) yield [other, one]
    }
    open.push(one)
  }
}

/** On which side of a line a point lies. */
const sideOf = (ax: number, ay: number, bx: number, by: number, x: number, y: number) => Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax))

/** On which sides of each line the ends of the other lie: -1 on different ones, 0 when an end lies on it. */
const splits = (a: Segment, b: Segment) => [
  sideOf(a.ax, a.ay, a.bx, a.by, b.ax, b.ay) * sideOf(a.ax, a.ay, a.bx, a.by, b.bx, b.by),
  sideOf(b.ax, b.ay, b.bx, b.by, a.ax, a.ay) * sideOf(b.ax, b.ay, b.bx, b.by, a.bx, a.by),
]

/** Do two sides whose boxes touch share a point? */
const touches = (a: Segment, b: Segment) => splits(a, b).every(split => split <= 0)

const crosses = (a: Segment, b: Segment) => splits(a, b).every(split => split < 0)

function placeOf(a: Segment, b: Segment) {
  const slope = (a.bx - a.ax) * (b.by - b.ay) - (a.by - a.ay) * (b.bx - b.ax)
  if (slope === 0) return { lat: sixDecimals(Math.max(a.south, b.south) / units), lng: sixDecimals(Math.max(a.west, b.west) / units) }
  const along = ((b.ax - a.ax) * (b.by - b.ay) - (b.ay - a.ay) * (b.bx - b.ax)) / slope
  return { lat: sixDecimals((a.ay + along * (a.by - a.ay)) / units), lng: sixDecimals((a.ax + along * (a.bx - a.ax)) / units) }
}
