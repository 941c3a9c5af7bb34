import { area as squareMetersOf } from '@turf/area'
import { centerOfMass } from '@turf/center-of-mass'
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import { feature } from '@turf/helpers'
import { length } from '@turf/length'
import { pointOnFeature } from '@turf/point-on-feature'
import { Clipper, ClipType, FillRule, PolyTree64, type Paths64, type PolyPath64 } from 'clipper2-ts'
import type { Area } from '../reference-data.ts'
import { sixDecimals } from './read-areas.ts'

export type Spot = { lat: number, lng: number }
type Position = [lng: number, lat: number, ...number[]]

/** Drawing is never exact: a strip narrower than this is where two people drew the same line. */
const widthMeters = 1

/** Size on the ground in square metres. */
export const sizeOf = (area: Area): number => squareMetersOf(feature(area))

/** A box round an area: two areas whose boxes lie apart need no closer look. */
export interface Box { west: number, south: number, east: number, north: number }

/** The smallest box round an area. */
export function boxOf(area: Area): Box {
  const box = { west: 180, south: 90, east: -180, north: -90 }
  for (const [lng, lat] of ringsOf(area).flat()) {
    box.west = Math.min(box.west, lng)
    box.east = Math.max(box.east, lng)
    box.south = Math.min(box.south, lat)
    box.north = Math.max(box.north, lat)
  }
  return box
}

/** Do two boxes share any ground? */
export const meet = (a: Box, b: Box): boolean => a.west < b.east && b.west < a.east && a.south < b.north && b.south < a.north

/** Pairs whose boxes share ground, found from west to east. */
export function* pairsThatMeet<Item extends { boundary: Area }>(items: readonly Item[]): Generator<[Item, Item]> {
  const sorted = items.map(item => ({ item, box: boxOf(item.boundary) })).toSorted((a, b) => a.box.west - b.box.west)
  for (const [index, one] of sorted.entries()) {
    for (const other of sorted.slice(index + 1)) {
      if (other.box.west >= one.box.east) break
      if (meet(one.box, other.box)) yield [one.item, other.item]
    }
  }
}

/** What two areas share, piece by piece, without strips that are only inexact drawing. */
export const sharedBy = (a: Area, b: Area): Area[] => combine(ClipType.Intersection, [a], [b]).filter(isWide)

/** What of an area lies outside of another, piece by piece. */
export const outsideOf = (a: Area, b: Area): Area[] => combine(ClipType.Difference, [a], [b]).filter(isWide)

/** Several areas as one, holes that are only inexact drawing closed. Undefined for none. */
export function togetherOf(areas: readonly Area[]): Area | undefined {
  return wholeOf(combine(ClipType.Union, areas, []).map(({ coordinates: [outline = [], ...holes] }) => [outline, ...holes.filter(hole => isWide({ type: 'Polygon', coordinates: [hole] }))]))
}

/** The same without its holes: what an outline encloses. */
export const filled = (area: Area): Area => wholeOf(partsOf(area).map(({ coordinates }) => coordinates.slice(0, 1))) ?? area

/** A spot inside an area, as near its middle as it goes: where a grid's number is drawn. */
export function middleOf(area: Area): Spot {
  const largest = partsOf(area).toSorted((a, b) => sizeOf(b) - sizeOf(a))[0] ?? area
  const mass = centerOfMass(feature(largest))
  const { geometry: { coordinates: [lng = 0, lat = 0] } } = booleanPointInPolygon(mass, largest) ? mass : pointOnFeature(feature(largest))
  return { lat: sixDecimals(lat), lng: sixDecimals(lng) }
}

/** Kilometres between two spots, near enough (spherical earth). */
export function kilometersBetween(a: Spot, b: Spot): number {
  const radians = (degrees: number) => degrees * Math.PI / 180
  const h = Math.sin(radians(b.lat - a.lat) / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lng - a.lng) / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(h))
}

/** Does a piece lie wholly inside what an area encloses? */
export const isEnclosed = (piece: Area, area: Area): boolean => outsideOf(piece, filled(area)).length === 0

function isWide(part: Area): boolean {
  const meters = length(feature(part), { units: 'meters' })
  return meters > 0 && sizeOf(part) / (meters / 2) >= widthMeters
}

const ringsOf = (area: Area) => area.type === 'Polygon' ? area.coordinates : area.coordinates.flat()

const partsOf = (area: Area) => area.type === 'Polygon' ? [area] : area.coordinates.map(coordinates => ({ type: 'Polygon' as const, coordinates }))

const wholeOf = (parts: Position[][][]): Area | undefined => parts.length === 1 && parts[0] ? { type: 'Polygon', coordinates: parts[0] } : parts.length ? { type: 'MultiPolygon', coordinates: parts } : undefined

/** Whole numbers make the arithmetic exact: a unit is a centimetre, ten times finer than what is kept. */
const units = 1e7

function combine(how: ClipType, subjects: readonly Area[], clips: readonly Area[]): { type: 'Polygon', coordinates: Position[][] }[] {
  const tree = new PolyTree64()
  Clipper.booleanOpWithPolyTree(how, subjects.flatMap(toPaths), clips.flatMap(toPaths), tree, FillRule.NonZero)
  return childrenOf(tree).flatMap(polygonsOf)
}

/** Outlines run one way and holes the other, whichever way they were drawn. */
const toPaths = (area: Area): Paths64 => partsOf(area).flatMap(({ coordinates }) => coordinates.map((ring, index) => {
  const path = ring.slice(0, -1).map(([lng, lat]) => ({ x: Math.round(lng * units), y: Math.round(lat * units) }))
  return Clipper.isPositive(path) === (index === 0) ? path : path.toReversed()
}))

/** An outline with its holes; islands in the holes are outlines of their own. */
function polygonsOf(outline: PolyPath64): { type: 'Polygon', coordinates: Position[][] }[] {
  const holes = childrenOf(outline)
  return [{ type: 'Polygon', coordinates: [outline, ...holes].map(toRing).filter(ring => ring.length > 3) }, ...holes.flatMap(hole => childrenOf(hole).flatMap(polygonsOf))]
    .filter((found): found is { type: 'Polygon', coordinates: Position[][] } => found.coordinates.length > 0)
}

const childrenOf = (path: PolyPath64): PolyPath64[] => Array.from({ length: path.count }, (_, index) => path.child(index))

function toRing(path: PolyPath64): Position[] {
  const ring = (path.poly ?? []).map(({ x, y }): Position => [sixDecimals(x / units), sixDecimals(y / units)])
  return [...ring, ...ring.slice(0, 1)]
}
