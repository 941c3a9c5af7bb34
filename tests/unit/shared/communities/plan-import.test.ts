import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importLimits, type StationAreas } from '#shared/communities/import-schema'
import { withinLimits } from '#shared/communities/geometry/check-outlines'
import { planImport } from '#shared/communities/geometry/plan-import'
import { togetherOf } from '#shared/communities/geometry/shapes'
import { writeAreas } from '#shared/communities/geometry/write-areas'
import { demoCommunities } from '../../../../supabase/demo/geometry.ts'
import { root } from '../../../architecture/source-files.ts'

const example = readFileSync(join(root, 'docs/examples/two-communities.geojson'), 'utf8')
const file = (name: string) => readFileSync(join(root, `tests/unit/shared/communities/files/${name}.geojson`), 'utf8')
const nothing: StationAreas = { communities: [] }
const plan = (text: string, { areas = nothing, used = [] as string[], foreignSlugs = [] as string[], replacesAll = false } = {}) => planImport(text, { areas, used, foreignSlugs, replacesAll })
const codes = (text: string, now?: Parameters<typeof plan>[1]) => plan(text, now).problems.map(({ code }) => code)
const demo: StationAreas = { communities: demoCommunities.map(({ slug, name, boundary, grids }) => ({ slug, name, boundary, grids: grids.map(({ code, name, boundary, centre: [lng, lat] }) => ({ code, name, boundary, lat, lng })) })) }

describe('a file of communities and grids', () => {
  it('of the documented form is read without a complaint, everything new', () => {
    const { problems, communities, grids, value } = plan(example)

    expect(problems).toEqual([])
    expect(communities.map(({ slug, name, state }) => [slug, name.en, state])).toEqual([['dong-men', 'East Gate', 'new'], ['xi-men', 'West Gate', 'new']])
    expect(grids.map(({ code, state }) => `${code} ${state}`)).toEqual(['DM-01 new', 'DM-02 new', 'XM-01 new', 'XM-02 new'])
    expect(value.communities[0]?.grids[0]).toMatchObject({ name: { zh: '东门一网格', en: 'East Gate 1' }, lat: expect.closeTo(31.3036, 3) as number, lng: expect.closeTo(120.3026, 3) as number })
  })

  it('that was written by the portal itself changes nothing', () => {
    const { problems, grids, communities, value } = plan(JSON.stringify(writeAreas(demo)), { areas: demo, replacesAll: true })

    expect(problems).toEqual([])
    expect(new Set([...grids, ...communities].map(({ state }) => state))).toEqual(new Set(['same']))
    expect(value).toEqual(demo)
  })

  it('may weigh and hold so much and no more', () => {
    expect(codes(`${example}${' '.repeat(importLimits.bytes)}`)).toEqual(['too_heavy'])
    expect(codes(JSON.stringify({ type: 'FeatureCollection', features: Array.from({ length: 661 }, () => ({})) }))).toEqual(['too_many_features'])
    const round = Array.from({ length: importLimits.pointsAnArea + 1 }, (_, index) => [120 + Math.cos(index) / 100, 31 + Math.sin(index) / 100])
    expect(codes(JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { kind: 'grid', community: 'a', code: 'A' }, geometry: { type: 'Polygon', coordinates: [[...round, round[0]]] } }] }))).toEqual(['too_many_points'])
  })

  it.each([
    ['not_json', '{"type": "FeatureColl'], ['not_json', ''], ['not_collection', '[]'], ['not_collection', 'null'], ['not_collection', '{"type": "Topology"}'], ['nothing_found', '{"type": "FeatureCollection", "features": []}'],
    ['wrong_crs', file('another-system')], ['not_degrees', file('in-metres')], ['swapped', file('latitude-first')],
  ])('is refused as %s', (code, text) => {
    const { problems, value } = plan(text)

    expect(problems.map(problem => [problem.code, problem.isWarning])).toEqual([[code, false]])
    expect(value.communities).toEqual([])
  })

  it('in the system of the standard may say so, and may begin with a byte order mark', () => {
    const collection: unknown = JSON.parse(example)
    for (const name of ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326']) expect(codes(`\uFEFF${JSON.stringify({ ...collection as object, crs: { type: 'name', properties: { name } } })}`), name).toEqual([])
  })

  it('tells each fault with the number of its shape, all at once', () => {
    const square = { type: 'Polygon', coordinates: [[[120, 31], [120.01, 31], [120.01, 31.01], [120, 31.01], [120, 31]]] }
    const of = (properties: unknown, geometry: unknown = square) => ({ type: 'Feature', properties, geometry })
    const { problems } = plan(JSON.stringify({ type: 'FeatureCollection', features: [
      7, of(null), of({ kind: 'grid', community: 'a', code: 'A-1' }, { type: 'Point', coordinates: [120, 31] }), of({ kind: 'grid', community: 'a', code: 'A-1', name_zh: '一' }, { type: 'Polygon', coordinates: [[[120, 31], [121, 31], [121, 32], [120, 32]]] }),
      of({ kind: 'grid', community: 'Ä', code: 'a 1', name_zh: '一' }), of({ kind: 'grid', community: 'a', code: 'A-1' }), of({ kind: 'grid', community: 'a', code: 'A-1', name_zh: '一'.repeat(61) }),
      of({ kind: 'grid', community: 'a', code: 'A-2', name_zh: '一' }, { type: 'Polygon', coordinates: [[[120, 31], [120, 31], [120, 31], [120, 31]]] }),
    ] }))

    expect(problems.map(({ code, params }) => [code, params.number])).toEqual([
      ['not_a_feature', 1], ['unknown_kind', 2], ['not_an_area', 3], ['bad_ring', 4], ['bad_slug', 5], ['bad_code', 5], ['name_missing', 6], ['name_too_long', 7], ['bad_ring', 8],
    ])
  })

  it('with one language borrows the name, and says so', () => {
    const { problems, grids } = plan(example.replace('"name_zh":"东门一网格",', ''))

    expect(problems).toMatchObject([{ code: 'name_untranslated', isWarning: true, params: { called: 'East Gate 1' } }])
    expect(grids[0]?.name).toEqual({ zh: 'East Gate 1', en: 'East Gate 1' })
  })

  it.each(['__proto__', 'constructor'])('with %s in it does no harm', (name) => {
    expect(codes(`{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"kind": "grid", "${name}": {"code": "X"}}, "geometry": null}]}`)).toEqual(['not_an_area'])
  })
})

describe('areas that do not fit', () => {
  it.each([
    ['overlapping-grids', [['grids_overlap', { name: 'DM-01', other: 'DM-02', squareMeters: 40_000 }]]],
    ['drawn-not-quite-alike', []],
    ['gap-and-hole', [['gap', { name: 'dong-men', squareMeters: 80_000 }], ['hole', { name: 'dong-men', squareMeters: 10_000 }]]],
    ['grid-outside', [['outside_community', { name: 'DM-02', other: 'dong-men', squareMeters: 80_000 }]]],
    ['overlapping-communities', [['communities_overlap', { name: 'xi-men', other: 'dong-men', squareMeters: 48_000 }]]],
    ['crossing-itself', [['crosses_itself', { name: 'DM-01' }]]],
    ['too-small-and-too-large', [['too_small', { name: 'DM-01', squareMeters: 64 }], ['too_large', { name: 'DM-03', squareKilometers: 3600 }], ['large', { name: 'DM-02', squareKilometers: 39.5 }], ['gap', { name: 'dong-men' }]]],
    ['enclave', []],
  ] as const)('%s', (name, expected) => {
    const { problems } = plan(file(name))

    expect(problems.map(({ code }) => code)).toEqual(expected.map(([code]) => code))
    for (const [index, [, params]] of expected.entries()) {
      const { squareMeters, squareKilometers, ...names } = params as Record<string, string | number>
      expect(problems[index]?.params).toMatchObject(names)
      // The fixtures are drawn in metres with rounded degrees: the globe makes a hundredth of difference.
      if (squareMeters) expect(Math.abs(Number(problems[index]?.params.squareMeters) / Number(squareMeters) - 1)).toBeLessThan(0.02)
      if (squareKilometers) expect(Math.abs(Number(problems[index]?.params.squareKilometers) / Number(squareKilometers) - 1)).toBeLessThan(0.02)
    }
  })

  it('are told with their place', () => {
    const [overlap] = plan(file('overlapping-grids')).problems

    expect(overlap?.area?.type).toBe('Polygon')
    expect(overlap?.at?.lng).toBeCloseTo(120.3 + 475 / 95_000, 4)
    expect(overlap?.at?.lat).toBeCloseTo(31.3 + 400 / 110_900, 4)
  })

  const areaOf = (code: string, ring: [number, number][]) => ({ type: 'Feature', properties: { kind: 'grid', community: 'dong-men', code, name: { zh: code, en: code } }, geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] } })
  const village = { type: 'Feature', properties: { kind: 'community', community: 'dong-men', name: { zh: '东门', en: 'East Gate' } }, geometry: { type: 'Polygon', coordinates: [[[120, 31], [120.02, 31], [120.02, 31.02], [120, 31.02], [120, 31]]] } }
  const problemsIn = (...features: object[]) => plan(JSON.stringify({ type: 'FeatureCollection', features: [village, ...features] })).problems
  /** Teeth of a comb, as many as an area may have: upright ones, or lying ones. */
  const comb = (isUpright: boolean) => Array.from({ length: 2996 }, (_, index): [number, number] => {
    const [along, across] = [0.001 + 0.018 * index / 2996, Math.floor((index + 1) / 2) % 2 ? 0.018 : 0.002]
    return isUpright ? [120 + along, 31 + across] : [120 + across, 31 + along]
  })
  const closed = (teeth: [number, number][], isUpright: boolean): [number, number][] => [...teeth, isUpright ? [120.019, 31.001] : [120.001, 31.019], [120.001, 31.001]]

  it('that would take the machine are refused within a moment: a star of three thousand points, two combs across each other', () => {
    const star = Array.from({ length: 2999 }, (_, index): [number, number] => [120.01 + 0.008 * Math.cos(index * 1499 * 2 * Math.PI / 2999), 31.01 + 0.008 * Math.sin(index * 1499 * 2 * Math.PI / 2999)])
    const before = process.cpuUsage()

    expect(problemsIn(areaOf('DM-01', star))).toMatchObject([{ code: 'crosses_itself', params: { name: 'DM-01' } }])
    expect(problemsIn(areaOf('DM-01', closed(comb(true), true)), areaOf('DM-02', closed(comb(false), false)))).toMatchObject([{ code: 'tangled' }])
    // Of the processor's time: other tests run beside this one.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000)
  })

  it('in their hundreds are told as two hundred problems, and a check that lasts stops after three seconds', () => {
    const square = (code: string) => areaOf(code, [[120.001, 31.001], [120.019, 31.001], [120.019, 31.019], [120.001, 31.019]])
    expect(problemsIn(...Array.from({ length: 40 }, (_, index) => square(`DM-${index + 10}`)))).toHaveLength(200)

    let clock = 0
    const endless = function* () {
      for (;;) yield undefined
    }
    expect(withinLimits(endless(), () => clock += 100)).toMatchObject([{ code: 'too_involved' }])
  })

  it('far from everything else are asked about', () => {
    const boundary = { type: 'Polygon' as const, coordinates: [[[87, 43], [87.1, 43], [87.1, 43.1], [87, 43]] as [number, number][]] }
    const inUrumqi: StationAreas = { communities: demo.communities.slice(0, 1).map(community => ({ ...community, boundary })) }

    expect(plan(example, { areas: inUrumqi }).problems.map(({ code, params }) => [code, params.name])).toEqual([['far_away', 'dong-men'], ['far_away', 'xi-men']])
    expect(codes(example, { areas: demo })).toEqual([])
  })
})

describe('what an import changes', () => {
  const now = () => ({ areas: plan(example).value, used: ['XM-02'] })
  const edited = (edit: (text: string) => string) => plan(edit(example), now())
  const stateOf = ({ grids }: ReturnType<typeof plan>, code: string) => grids.find(grid => grid.code === code)?.state

  it('a name and an outline', () => {
    expect(stateOf(edited(text => text.replace('东门一网格', '东门老街')), 'DM-01')).toBe('changed')
  })

  it('a grid that is gone is removed, or retired when reports lie in it', () => {
    const without = (...gone: string[]) => edited((text) => {
      const collection = JSON.parse(text) as { features: { properties: { code?: string, kind: string } }[] }
      return JSON.stringify({ ...collection, features: collection.features.filter(({ properties }) => properties.kind === 'grid' && !gone.includes(properties.code ?? '')) })
    })

    expect(stateOf(without('XM-01'), 'XM-01')).toBe('removed')
    expect(stateOf(without('XM-02'), 'XM-02')).toBe('retired')
    expect(without('XM-02').value.communities.find(({ slug }) => slug === 'xi-men')?.boundary, 'without an outline of its own, a community is what its grids cover').toEqual(togetherOf([now().areas.communities[1]!.grids[0]!.boundary]))
  })

  it('communities that the file does not name stay, unless it replaces all', () => {
    const other = { ...plan(file('overlapping-grids')).value.communities[0]!, slug: 'north', boundary: { type: 'Polygon' as const, coordinates: [[[120.5, 31.5], [120.51, 31.5], [120.51, 31.51], [120.5, 31.5]] as [number, number][]] }, grids: [] }
    const areas = { communities: [other] }

    expect(plan(example, { areas }).communities.map(({ slug, state }) => `${slug} ${state}`)).toEqual(['north same', 'dong-men new', 'xi-men new'])
    expect(plan(example, { areas, replacesAll: true }).communities.map(({ slug, state }) => `${slug} ${state}`)).toEqual(['dong-men new', 'xi-men new', 'north retired'])
  })

  it('a used grid that lies elsewhere now is asked about', () => {
    const { problems } = edited(text => text.replaceAll('XM-02', 'XM-03').replaceAll('XM-01', 'XM-02').replaceAll('XM-03', 'XM-01'))

    expect(problems.map(({ code, params }) => [code, params.name])).toEqual([['grid_moved', 'XM-02']])
  })

  it('needs grids in each community, a community for each grid, codes and addresses of its own', () => {
    expect(codes(file('without-outline'))).toEqual(['no_grids', 'community_missing'])
    expect(codes(example.replace('XM-01', 'DM-01'))).toEqual(['double_code'])
    expect(codes(example, { foreignSlugs: ['xi-men'] })).toEqual(['foreign_slug'])
    expect(codes(example.replaceAll('xi-men', 'dong-men'))).toEqual(expect.arrayContaining(['double_community']))
  })
})
