import { describe, expect, it } from 'vitest'
import { drawMap, gridNumber } from '#shared/communities/draw-map'
import { demoCommunities } from '../../../../supabase/demo/geometry.ts'

const communities = demoCommunities.map(community => ({ ...community, grids: community.grids.map(grid => ({ ...grid, lng: grid.centre[0], lat: grid.centre[1] })) }))

/** The corners that a path of ours goes through. */
function corners(d: string) {
  const [x = 0, y = 0, ...moves] = [...d.matchAll(/-?\d+/g)].map(([number]) => Number(number))
  const points = [[x, y] as [number, number]]
  for (let i = 0; i < moves.length; i += 2) {
    const [lastX, lastY] = points.at(-1) ?? [0, 0]
    points.push([lastX + (moves[i] ?? 0), lastY + (moves[i + 1] ?? 0)])
  }
  return points
}

describe('drawing a map', () => {
  it('draws each grid with its number and keeps shared corners shared', () => {
    const { grids } = drawMap(communities, 'zh')
    expect(grids).toHaveLength(22)
    expect(grids.slice(0, 3).map(({ code, text }) => [code, text])).toEqual([['PA-01', '1'], ['PA-02', '2'], ['PA-03', '3']])
    const [first = [], second = []] = grids.map(({ d }) => corners(d).map(String))
    expect(first.filter(corner => second.includes(corner)).length).toBeGreaterThanOrEqual(2)
  })

  it('names streets along their way, never upside down, in the page\'s language', () => {
    const { streets } = drawMap(communities.slice(0, 1), 'en')
    expect(streets.map(({ label }) => label?.text)).toContain('Xuefu Street')
    for (const { label } of streets) expect(Math.abs(label?.angle ?? 0)).toBeLessThanOrEqual(90)
  })

  it('draws the canal between two communities once', () => {
    expect(drawMap(communities, 'zh').water).toHaveLength(1)
  })

  it('leaves out features it does not know, and draws without any', () => {
    const [community] = communities
    if (!community) throw new Error('no community')
    const map = { features: [{ properties: { kind: 'volcano', name: { zh: '火山', en: 'Volcano' } }, geometry: { type: 'Point', coordinates: [120.14, 31.2] } }, 'nonsense', { properties: { kind: 'street' }, geometry: null }] }
    expect(drawMap([{ ...community, map }], 'zh')).toMatchObject({ streets: [], landmarks: [], parks: [] })
    expect(drawMap([{ ...community, map: null }], 'zh').grids).toHaveLength(8)
    expect(drawMap([{ ...community, map: 'broken' }], 'zh').landmarks).toEqual([])
  })

  it('stays small: three communities in under 4 kB of numbers', () => {
    const { grids, streets, water, parks, communities: edges } = drawMap(communities, 'zh')
    expect([...grids, ...streets, ...parks, ...edges].map(({ d }) => d).concat(water).join('').length).toBeLessThan(4_000)
  })

  it.each([['PA-01', '1'], ['CL-12', '12'], ['7', '7'], ['X-0', '0'], ['A-B-010', '10']])('calls %s %s', (code, number) => expect(gridNumber(code)).toBe(number))
})
