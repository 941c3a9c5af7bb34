import type { ImportProblem, StationAreas } from '../import-schema.ts'
import type { Area } from '../reference-data.ts'
import { boxOf, crossingsOf, filled, isEnclosed, kilometersBetween, meet, middleOf, outsideOf, sharedBy, sizeOf, togetherOf, type Box } from './shapes.ts'
import { importProblem } from './read-areas.ts'

/**
 * Square metres. A grid is some hundred households, on the land some villages; below the smallest and above the largest it is a slip
 * of the pencil, in between it is asked about.
 */
export const sizes = { smallest: 100, largeGrid: 30e6, largestGrid: 3_000e6, largestCommunity: 10_000e6 } as const

/** How far a new community may lie from the others before it is asked about. */
const farKilometers = 100

type Community = StationAreas['communities'][number]
type Grid = Community['grids'][number]

/**
 * Checks the areas of a station against each other: outlines that cross themselves, sizes, overlaps, gaps and holes.
 * @param touched slugs of the communities that are new or changed; the others are only looked at where these touch them
 */
export function checkAreas({ communities }: StationAreas, touched: ReadonlySet<string> = new Set(communities.map(({ slug }) => slug))): ImportProblem[] {
  const own = communities.filter(({ slug }) => touched.has(slug))
  const crossing = own.flatMap(checkOutlines)
  // An outline that crosses itself has no inside: what overlaps it cannot be said.
  if (crossing.length) return crossing
  const whole = communities.map(community => ({ community, box: boxOf(community.boundary) }))
  return [
    ...own.flatMap(checkSizes),
    ...own.flatMap(community => [...checkGridOverlaps(community), ...checkCover(community, whole.map(({ community }) => community))]),
    ...checkCommunityOverlaps(whole, touched),
    ...checkDistances(whole.map(({ community }) => community), touched),
  ]
}

const outlinesOf = (community: Community) => [{ name: community.slug, boundary: community.boundary }, ...community.grids.map(({ code, boundary }) => ({ name: code, boundary }))]

function checkOutlines(community: Community): ImportProblem[] {
  return outlinesOf(community).flatMap(({ name, boundary }) => {
    const [at] = crossingsOf(boundary, 1)
    return at ? [importProblem('crosses_itself', { name }, { at, area: boundary })] : []
  })
}

function checkSizes({ slug, boundary, grids }: Community): ImportProblem[] {
  const told = (name: string, area: Area, code: 'too_small' | 'large' | 'too_large') => [importProblem(code, { name, ...inWords(area) }, { at: middleOf(area), area })]
  return [
    ...sizeOf(boundary) > sizes.largestCommunity ? told(slug, boundary, 'too_large') : [],
    ...grids.flatMap(({ code, boundary }) => {
      const size = sizeOf(boundary)
      if (size < sizes.smallest) return told(code, boundary, 'too_small')
      if (size > sizes.largeGrid) return told(code, boundary, size > sizes.largestGrid ? 'too_large' : 'large')
      return []
    }),
  ]
}

function checkGridOverlaps({ grids }: Community): ImportProblem[] {
  return pairsThatMeet(grids.map(grid => ({ item: grid, box: boxOf(grid.boundary) }))).flatMap(([a, b]) =>
    sharedBy(a.boundary, b.boundary).map(piece => importProblem('grids_overlap', { name: a.code, other: b.code, ...inWords(piece) }, { at: middleOf(piece), area: piece })))
}

function checkCommunityOverlaps(whole: readonly { community: Community, box: Box }[], touched: ReadonlySet<string>): ImportProblem[] {
  return pairsThatMeet(whole.map(({ community, box }) => ({ item: community, box }))).filter(([a, b]) => touched.has(a.slug) || touched.has(b.slug)).flatMap(([a, b]) =>
    sharedBy(a.boundary, b.boundary).map(piece => importProblem('communities_overlap', { name: a.slug, other: b.slug, ...inWords(piece) }, { at: middleOf(piece), area: piece })))
}

/** Grids beyond their community, and ground of the community that no grid covers: reports from there wait in the station's queue. */
function checkCover({ slug, boundary, grids }: Community, all: readonly Community[]): ImportProblem[] {
  const beyond = grids.flatMap(({ code, boundary: grid }: Grid) => outsideOf(grid, boundary).map(piece => importProblem('outside_community', { name: code, other: slug, ...inWords(piece) }, { at: middleOf(piece), area: piece })))
  const covered = togetherOf(grids.map(grid => grid.boundary))
  if (!covered) return beyond
  const around = filled(boundary)
  // Another community may lie in the middle of this one.
  const others = all.filter(other => other.slug !== slug && meet(boxOf(other.boundary), boxOf(boundary))).map(other => other.boundary)
  const bare = outsideOf(around, covered).flatMap(piece => others.reduce<Area[]>((left, other) => left.flatMap(part => outsideOf(part, other)), [piece]))
  return [...beyond, ...bare.map(piece => importProblem(isEnclosed(piece, covered) ? 'hole' : 'gap', { name: slug, ...inWords(piece) }, { at: middleOf(piece), area: piece }))]
}

function checkDistances(communities: readonly Community[], touched: ReadonlySet<string>): ImportProblem[] {
  const middles = communities.map(({ slug, boundary }) => ({ slug, at: middleOf(boundary) }))
  // A file that lies in another country as a whole is close to itself: what stays decides, if anything does.
  const stays = middles.filter(({ slug }) => !touched.has(slug))
  return middles.filter(({ slug }) => touched.has(slug)).flatMap(({ slug, at }) => {
    const nearest = Math.min(...(stays.length ? stays : middles).filter(other => other.slug !== slug).map(other => kilometersBetween(at, other.at)))
    return Number.isFinite(nearest) && nearest > farKilometers ? [importProblem('far_away', { name: slug, kilometers: Math.round(nearest) }, { at })] : []
  })
}

/** Pairs whose boxes share ground, found from west to east. */
function pairsThatMeet<Item>(items: { item: Item, box: Box }[]): [Item, Item][] {
  const sorted = items.toSorted((a, b) => a.box.west - b.box.west)
  return sorted.flatMap((one, index) => {
    const found: [Item, Item][] = []
    for (const other of sorted.slice(index + 1)) {
      if (other.box.west >= one.box.east) break
      if (meet(one.box, other.box)) found.push([one.item, other.item])
    }
    return found
  })
}

/** A size as a person says it: square metres, from a tenth of a square kilometre on those. */
const inWords = (area: Area) => {
  const size = sizeOf(area)
  return size < 100_000 ? { squareMeters: Math.round(size), squareKilometers: 0 } : { squareMeters: 0, squareKilometers: Math.round(size / 100_000) / 10 }
}
