import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import { kilometersBetween } from '#shared/communities/geometry/shapes'
import type { Area, Community } from '#shared/communities/reference-data'
import { crossesItself, ringOf, touchedAreas } from '#server/domain/alerts/touched-areas'

const square = (west: number, south: number, size = 0.01): Area => ({ type: 'Polygon', coordinates: [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]] })
const name = { zh: '一', en: 'One' }
const aCommunity = (id: string, west: number): Community => ({
  id, slug: id, name, boundary: square(west, 40, 0.02), office: null, officers: [],
  grids: [['1', west, 40], ['2', west + 0.01, 40], ['3', west, 40.01], ['4', west + 0.01, 40.01]].map(([code, lng, lat]) => ({ id: `${id}${code}`, code: String(code), name, boundary: square(Number(lng), Number(lat)), lat: 0, lng: 0 })),
})
const communities = [aCommunity('a', 116), aCommunity('b', 116.02)]

describe('what a drawn shape touches', () => {
  it('is whatever shares ground with it, not a mere border', () => {
    expect(touchedAreas({ communities }, square(116.001, 40.001, 0.002))).toEqual({ communities: ['a'], grids: ['a1'] })
    expect(touchedAreas({ communities }, square(116.018, 40.005, 0.01))).toEqual({ communities: ['a', 'b'], grids: ['a2', 'a4', 'b1', 'b3'] })
    expect(touchedAreas({ communities }, square(116, 40, 0.02))).toEqual({ communities: ['a'], grids: ['a1', 'a2', 'a3', 'a4'] })
    expect(touchedAreas({ communities }, square(117, 41))).toEqual({ communities: [], grids: [] })
  })

  it('of a circle, too', () => {
    expect(touchedAreas({ communities }, { type: 'Circle', center: [116.005, 40.005], radiusMeters: 100 })).toEqual({ communities: ['a'], grids: ['a1'] })
    expect(touchedAreas({ communities }, { type: 'Circle', center: [116.02, 40.01], radiusMeters: 50 })).toEqual({ communities: ['a', 'b'], grids: ['a2', 'a4', 'b1', 'b3'] })
    expect(touchedAreas({ communities }, { type: 'Circle', center: [116.01, 40.03], radiusMeters: 500 })).toEqual({ communities: [], grids: [] })
  })
})

describe('a circle as a polygon', () => {
  const circle = fc.record({ type: fc.constant('Circle' as const), center: fc.tuple(fc.double({ min: -170, max: 170, noNaN: true }), fc.double({ min: -70, max: 70, noNaN: true })), radiusMeters: fc.integer({ min: 20, max: 20_000 }) })

  it('is closed, crosses itself nowhere, holds its middle, and is as wide as it should be', () => {
    fc.assert(fc.property(circle, (given) => {
      const ring = ringOf(given)
      const [corners = []] = ring.coordinates as [number, number][][]
      const [lng, lat] = given.center

      expect(corners.at(-1)).toEqual(corners[0])
      expect(crossesItself(ring)).toBe(false)
      expect(booleanPointInPolygon(given.center, ring)).toBe(true)
      for (const [cornerLng, cornerLat] of corners) {
        const meters = kilometersBetween({ lat, lng }, { lat: cornerLat, lng: cornerLng }) * 1000
        expect(meters / given.radiusMeters).toBeGreaterThan(0.999)
        expect(meters / given.radiusMeters).toBeLessThan(1.003)
      }
    }))
  })

  it('a bow tie crosses itself', () => {
    expect(crossesItself({ type: 'Polygon', coordinates: [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]] })).toBe(true)
    expect(crossesItself(square(0, 0))).toBe(false)
  })
})
