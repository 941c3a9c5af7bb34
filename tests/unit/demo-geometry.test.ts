import { describe, expect, it } from 'vitest'
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import { type DemoCommunity, type Polygon, type Position, demoCommunities } from '../../supabase/demo/geometry.ts'

const points = ({ coordinates: [ring = []] }: Polygon) => ring
const edges = (polygon: Polygon) => points(polygon).slice(1).map((to, i) => [points(polygon)[i], to] as [Position, Position])

/** Square degrees; positive when the ring runs counter-clockwise. */
const area = (polygon: Polygon) => edges(polygon).reduce((sum, [[ax, ay], [bx, by]]) => sum + (ax * by - bx * ay) / 2, 0)

/** True when two stretches cross at a point that is not an end of either. */
function cross([a, b]: [Position, Position], [c, d]: [Position, Position]) {
  const side = (p: Position, q: Position, r: Position) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

const key = (from: Position, to: Position) => `${from.join()} ${to.join()}`

/** Each stretch of a tiling is either shared with one neighbour, the other way round, or part of the outline. */
function loose(polygons: Polygon[]) {
  const all = polygons.flatMap(edges)
  const names = new Set(all.map(edge => key(...edge)))
  expect(names.size, 'no stretch twice in the same direction: that would be an overlap').toBe(all.length)
  return all.filter(([from, to]) => !names.has(key(to, from))).map(edge => key(...edge)).toSorted()
}

describe('the demo neighbourhood', () => {
  it('has the three communities of the contract, each with 6 to 9 grids', () => {
    expect(demoCommunities.map(({ slug }) => slug)).toEqual(['ping-an', 'chang-le', 'he-xie'])
    for (const { grids } of demoCommunities) expect(grids.length).toSatisfy((n: number) => n >= 6 && n <= 9)
  })

  it.each(demoCommunities)('tiles $slug exactly: the grids\' outline is the boundary and the areas add up', ({ boundary, grids }: DemoCommunity) => {
    expect(loose(grids.map(grid => grid.boundary))).toEqual(edges(boundary).map(edge => key(...edge)).toSorted())
    const sum = grids.reduce((total, grid) => total + area(grid.boundary), 0)
    expect(Math.abs(sum / area(boundary) - 1)).toBeLessThan(1e-9)
  })

  it('lets no community overlap another', () => {
    const grids = demoCommunities.flatMap(community => community.grids)
    loose(grids.map(grid => grid.boundary))
    const stretches = grids.flatMap(grid => edges(grid.boundary))
    expect(stretches.flatMap((one, i) => stretches.slice(i + 1).filter(other => cross(one, other)))).toEqual([])
  })

  it('puts every grid\'s centre and every office inside exactly one grid', () => {
    const grids = demoCommunities.flatMap(community => community.grids)
    for (const grid of grids) {
      expect(area(grid.boundary)).toBeGreaterThan(0)
      expect(grids.filter(other => booleanPointInPolygon(grid.centre, other.boundary)).map(({ code }) => code)).toEqual([grid.code])
    }
    for (const community of demoCommunities) {
      expect(booleanPointInPolygon(community.officeAt, community.boundary), community.slug).toBe(true)
    }
  })

  it('follows streets, not a chessboard', () => {
    for (const { boundary } of demoCommunities) {
      expect(edges(boundary).some(([[ax, ay], [bx, by]]) => ax !== bx && ay !== by)).toBe(true)
      expect(points(boundary).length).toBeGreaterThan(10)
    }
  })
})
