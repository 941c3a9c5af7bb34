import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameAround, positionsOf, project, unproject } from '#shared/communities/map-projection'
import { demoCommunities } from '../../../../supabase/demo/geometry.ts'

const areas = demoCommunities.map(({ boundary }) => boundary)

describe('the projection of a map', () => {
  const frame = frameAround(areas)

  it('keeps every corner inside the drawing, with the margin', () => {
    for (const [lng = 0, lat = 0] of areas.flatMap(positionsOf)) {
      const { x, y } = project(frame, { lat, lng })
      expect(x).toBeGreaterThanOrEqual(13.9)
      expect(x).toBeLessThanOrEqual(frame.width - 13.9)
      expect(y).toBeGreaterThanOrEqual(13.9)
      expect(y).toBeLessThanOrEqual(frame.height - 13)
    }
  })

  it('has north above and east to the right', () => {
    const here = project(frame, { lat: 31.205, lng: 120.14 })
    expect(project(frame, { lat: 31.206, lng: 120.14 }).y).toBeLessThan(here.y)
    expect(project(frame, { lat: 31.205, lng: 120.141 }).x).toBeGreaterThan(here.x)
  })

  it('draws a metre as long northwards as eastwards', () => {
    const here = project(frame, { lat: 31.207, lng: 120.15 })
    const up = here.y - project(frame, { lat: 31.207 + 100 / 111_320, lng: 120.15 }).y
    const right = project(frame, { lat: 31.207, lng: 120.15 + 100 / (111_320 * Math.cos(31.207 * Math.PI / 180)) }).x - here.x
    expect(up / right).toBeCloseTo(1, 3)
  })

  it('leads back from any point of the drawing to within a tenth of a metre', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 800, noNaN: true }), fc.double({ min: 0, max: 400, noNaN: true }), (x, y) => {
      const there = project(frame, unproject(frame, { x, y }))
      // A unit is about three metres.
      expect(Math.abs(there.x - x)).toBeLessThan(0.03)
      expect(Math.abs(there.y - y)).toBeLessThan(0.03)
    }))
  })

  it('gives an empty station a frame without dividing by nothing', () => {
    expect(Object.values(frameAround([])).every(Number.isFinite)).toBe(true)
  })
})
