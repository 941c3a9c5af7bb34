import type { ImportProblem, StationAreas } from '../import-schema.ts'
import type { Area } from '../reference-data.ts'
import { boxOf, filled, isEnclosed, kilometersBetween, meet, middleOf, outsideOf, pairsThatMeet, sharedBy, sizeOf, togetherOf } from './shapes.ts'
import { importProblem } from './read-areas.ts'

/**
 * Square metres. A grid is some hundred households, on the land some villages; below the smallest and above the largest it is a slip
 * of the pencil, in between it is asked about.
 */
export const sizes = { smallest: 100, largeGrid: 30e6, largestGrid: 3_000e6, largestCommunity: 10_000e6 } as const

/** How far a new community may lie from the others before it is asked about. */
const farKilometers = 100

type Community = StationAreas['communities'][number]

/**
 * Checks the areas of a station against each other: sizes, overlaps, gaps and holes. Their outlines are clean: `checkOutlines` comes before.
 * @param touched slugs of the communities that are new or changed; the others are only looked at where these touch them
 * @returns every problem, and `undefined` now and then, so that `withinLimits` can stop
 */
export function* checkAreas({ communities }: StationAreas, touched: ReadonlySet<string> = new Set(communities.map(({ slug }) => slug))): Generator<ImportProblem | undefined> {
  for (const community of communities.filter(({ slug }) => touched.has(slug))) {
    yield* checkSizes(community)
    yield* checkGridOverlaps(community)
    yield* checkCover(community, communities)
  }
  yield* checkCommunityOverlaps(communities, touched)
  yield* checkDistances(communities, touched)
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

function* checkGridOverlaps({ grids }: Community) {
  for (const [a, b] of pairsThatMeet(grids)) {
    yield undefined
    for (const piece of sharedBy(a.boundary, b.boundary)) yield importProblem('grids_overlap', { name: a.code, other: b.code, ...inWords(piece) }, { at: middleOf(piece), area: piece })
  }
}

function* checkCommunityOverlaps(communities: readonly Community[], touched: ReadonlySet<string>) {
  for (const [a, b] of pairsThatMeet(communities)) {
    yield undefined
    if (!touched.has(a.slug) && !touched.has(b.slug)) continue
    for (const piece of sharedBy(a.boundary, b.boundary)) yield importProblem('communities_overlap', { name: a.slug, other: b.slug, ...inWords(piece) }, { at: middleOf(piece), area: piece })
  }
}

/** Grids beyond their community, and ground of the community that no grid covers: reports from there wait in the station's queue. */
function* checkCover({ slug, boundary, grids }: Community, all: readonly Community[]) {
  for (const { code, boundary: grid } of grids) {
    yield undefined
    for (const piece of outsideOf(grid, boundary)) yield importProblem('outside_community', { name: code, other: slug, ...inWords(piece) }, { at: middleOf(piece), area: piece })
  }
  const covered = togetherOf(grids.map(grid => grid.boundary))
  if (!covered) return
  const around = filled(boundary)
  // Another community may lie in the middle of this one.
  const others = all.filter(other => other.slug !== slug && meet(boxOf(other.boundary), boxOf(boundary))).map(other => other.boundary)
  const bare = outsideOf(around, covered).flatMap(piece => others.reduce<Area[]>((left, other) => left.flatMap(part => outsideOf(part, other)), [piece]))
  for (const piece of bare) yield importProblem(isEnclosed(piece, covered) ? 'hole' : 'gap', { name: slug, ...inWords(piece) }, { at: middleOf(piece), area: piece })
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

/** A size as a person says it: square metres, from a tenth of a square kilometre on those. */
const inWords = (area: Area) => {
  const size = sizeOf(area)
  return size < 100_000 ? { squareMeters: Math.round(size), squareKilometers: 0 } : { squareMeters: 0, squareKilometers: Math.round(size / 100_000) / 10 }
}
