import { z } from 'zod'
import { importLimits, importWarnings, type ImportProblem, type ImportProblemCode } from '../import-schema.ts'
import type { Area, Localised } from '../reference-data.ts'

/** What a file says, feature by feature; a name is missing where the station knows it already. */
export interface FileAreas {
  communities: { slug: string, name: Localised | undefined, boundary: Area }[]
  grids: { community: string, code: string, name: Localised, boundary: Area }[]
}

type Params = ImportProblem['params']
type Position = [lng: number, lat: number]

/** A problem of the import. @param where its place on the map, if it has one */
export const importProblem = (code: ImportProblemCode, params: Params = {}, where: { at?: ImportProblem['at'], area?: Area | null } = {}): ImportProblem =>
  ({ code, isWarning: importWarnings.some(warning => warning === code), params, at: where.at ?? null, area: where.area ?? null })

const text = z.union([z.string(), z.number()]).transform(value => String(value).trim())
const properties = z.object({
  kind: text.optional().catch(undefined), community: text.optional().catch(undefined), code: text.optional().catch(undefined),
  name: z.object({ zh: text.optional(), en: text.optional() }).optional().catch(undefined), name_zh: text.optional().catch(undefined), name_en: text.optional().catch(undefined),
}).nullish().catch(undefined)
const feature = z.object({ type: z.literal('Feature'), properties, geometry: z.unknown() })
const collection = z.object({ type: z.literal('FeatureCollection'), features: z.array(z.unknown()), crs: z.unknown().optional() })
const crsName = z.object({ properties: z.object({ name: z.string() }) })
const ring = z.array(z.array(z.number()).min(2)).min(4)
const geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(ring).min(1) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring).min(1)).min(1) }),
])
const shape = z.object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) })

const slugForm = /^[a-z0-9]+(-[a-z0-9]+)*$/
const codeForm = /^[A-Z0-9]+(-[A-Z0-9]+)*$/

/**
 * Reads a GeoJSON file (RFC 7946) of communities and grids, within limits. What is wrong is told with the number of its feature; the
 * features that are right are read all the same, so that one look finds all faults.
 * @see docs/areas-format.md
 */
export function readAreas(file: string): { areas: FileAreas, problems: ImportProblem[] } {
  const areas: FileAreas = { communities: [], grids: [] }
  const refused = (code: ImportProblemCode, params?: Params) => ({ areas, problems: [importProblem(code, params)] })
  if (new TextEncoder().encode(file).length > importLimits.bytes) return refused('too_heavy', { megabytes: importLimits.bytes / 1e6 })
  let json: unknown
  try {
    // Some programs put a byte order mark in front.
    json = JSON.parse(file.replace(/^\uFEFF/, ''))
  }
  catch {
    return refused('not_json')
  }
  const parsed = collection.safeParse(json)
  if (!parsed.success) return refused('not_collection')
  const { features, crs } = parsed.data
  // The coordinate system of before RFC 7946: the one the standard has now may be named, no other.
  if (crs !== undefined && crs !== null && !/(CRS:?84|EPSG:+4326)$/i.test(crsName.safeParse(crs).data?.properties.name ?? '')) return refused('wrong_crs')
  const most = importLimits.communities + importLimits.grids
  if (features.length > most) return refused('too_many_features', { count: features.length, most })

  const problems: ImportProblem[] = []
  let points = 0
  for (const [index, candidate] of features.entries()) {
    const read = readFeature(candidate, index + 1)
    if (Array.isArray(read)) {
      problems.push(...read)
      continue
    }
    points += read.points
    if (points > importLimits.points) return refused('too_many_points', { most: importLimits.points })
    problems.push(...read.problems)
    if (read.kind === 'community') areas.communities.push(read)
    else areas.grids.push(read)
  }
  if (areas.communities.length > importLimits.communities || areas.grids.length > importLimits.grids) return refused('too_many_features', { count: features.length, most })
  if (problems.length === 0 && areas.communities.length + areas.grids.length === 0) return refused('nothing_found')
  return { areas, problems: [...problems, ...doubles(areas)] }
}

type Read = { points: number, problems: ImportProblem[] } & (({ kind: 'community' } & FileAreas['communities'][number]) | ({ kind: 'grid' } & FileAreas['grids'][number]))

function readFeature(candidate: unknown, number: number): Read | ImportProblem[] {
  const parsed = feature.safeParse(candidate)
  if (!parsed.success) return [importProblem('not_a_feature', { number })]
  const given = parsed.data.properties ?? {}
  const { kind, community = '', code = '' } = given
  if (kind !== 'community' && kind !== 'grid') return [importProblem('unknown_kind', { number })]
  const of = { number, name: kind === 'grid' ? code : community }
  const boundary = readBoundary(parsed.data.geometry, of)
  if ('code' in boundary) return [boundary]
  const found: ImportProblem[] = []
  if (!slugForm.test(community) || community.length > 60) found.push(importProblem('bad_slug', of))
  if (kind === 'grid' && (!codeForm.test(code) || code.length > 24)) found.push(importProblem('bad_code', of))
  const zh = given.name?.zh ?? given.name_zh ?? ''
  const en = given.name?.en ?? given.name_en ?? ''
  if (zh.length > 60 || en.length > 60) found.push(importProblem('name_too_long', of))
  if (kind === 'grid' && !zh && !en) found.push(importProblem('name_missing', of))
  if (found.length) return found
  const isHalf = (zh === '') !== (en === '')
  const problems = isHalf ? [importProblem('name_untranslated', { ...of, called: zh || en })] : []
  const name = zh || en ? { zh: zh || en, en: en || zh } : undefined
  const facts = { boundary: boundary.area, points: boundary.points, problems }
  if (kind === 'community') return { kind, slug: community, name, ...facts }
  return { kind, community, code, name: name ?? { zh: code, en: code }, ...facts }
}

/** Degrees to six decimals (a tenth of a metre), without heights. */
function readBoundary(given: unknown, of: { number: number, name: string }): { area: Area, points: number } | ImportProblem {
  const known = shape.safeParse(given)
  if (!known.success) return importProblem('not_an_area', of)
  const parsed = geometry.safeParse(given)
  if (!parsed.success) return importProblem('bad_ring', of)
  const rings = parsed.data.type === 'Polygon' ? parsed.data.coordinates : parsed.data.coordinates.flat()
  const positions = rings.flat()
  if (positions.length > importLimits.pointsAnArea) return importProblem('too_many_points', { most: importLimits.pointsAnArea })
  if (rings.some(isOpen)) return importProblem('bad_ring', of)
  const beyond = positions.find(([lng = 0, lat = 0]) => Math.abs(lng) > 180 || Math.abs(lat) > 90)
  if (beyond) {
    const [first = 0, second = 0] = beyond
    return importProblem(Math.abs(first) <= 90 && Math.abs(second) <= 180 ? 'swapped' : 'not_degrees', { ...of, position: `${first}, ${second}` })
  }
  const clean = (ring: number[][]): Position[] => ring.map(([lng = 0, lat = 0]): Position => [sixDecimals(lng), sixDecimals(lat)]).filter((spot, index, all) => index === 0 || spot.join() !== all[index - 1]?.join())
  const area: Area = parsed.data.type === 'Polygon' ? { type: 'Polygon', coordinates: parsed.data.coordinates.map(clean) } : { type: 'MultiPolygon', coordinates: parsed.data.coordinates.map(part => part.map(clean)) }
  const cleaned = area.type === 'Polygon' ? area.coordinates : area.coordinates.flat()
  return cleaned.some(ring => ring.length < 4) ? importProblem('bad_ring', of) : { area, points: positions.length }
}

const isOpen = (ring: number[][]) => ring[0]?.[0] !== ring.at(-1)?.[0] || ring[0]?.[1] !== ring.at(-1)?.[1]

/** Six decimals of a degree are a tenth of a metre. */
export const sixDecimals = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

function doubles({ communities, grids }: FileAreas): ImportProblem[] {
  const twice = (values: string[]) => [...new Set(values.filter((value, index) => values.indexOf(value) !== index))]
  return [
    ...twice(communities.map(({ slug }) => slug)).map(name => importProblem('double_community', { name })),
    ...twice(grids.map(({ code }) => code)).map(name => importProblem('double_code', { name })),
  ]
}
