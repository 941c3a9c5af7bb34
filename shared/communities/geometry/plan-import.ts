import { importProblem, readAreas, type FileAreas } from './read-areas.ts'
import { checkAreas } from './check-areas.ts'
import { checkOutlines, withinLimits } from './check-outlines.ts'
import { countCrossings } from './crossings.ts'
import { boxOf, meet, middleOf, sharedBy, sizeOf, togetherOf } from './shapes.ts'
import type { AreaState, ImportPlan, ImportProblem, PlannedGrid, StationAreas } from '../import-schema.ts'
import type { Area } from '../reference-data.ts'

interface Now {
  areas: StationAreas
  /** Codes of grids in which reports lie. */
  used: readonly string[]
  /** Slugs that other stations have. */
  foreignSlugs: readonly string[]
  replacesAll: boolean
}

/**
 * What an import would make of a station: its areas from then on, what is new, changed and gone, and what is wrong with it.
 * An error forbids saving, a warning wants to be looked at.
 */
export function planImport(file: string, now: Now): Omit<ImportPlan, 'version'> & { value: StationAreas } {
  const { areas, problems: unread } = readAreas(file)
  const unclear = withinLimits(checkOutlines(areas, now.areas))
  // From outlines without an inside nothing is worked out: the map shows what the station has, and where they cross.
  if (unclear.length) return { value: now.areas, problems: [...unread, ...unclear].toSorted(errorsFirst), ...compareAreas(now.areas, now.areas, now.used) }
  const { value, problems: unmerged, touched } = mergeAreas(areas, now)
  const isWhole = ![...unread, ...unmerged].some(({ isWarning }) => !isWarning)
  const checked = isWhole ? [...withinLimits(checkAreas(value, touched)), ...findMoved(value, now)] : []
  return { value, problems: [...unread, ...unmerged, ...checked].toSorted(errorsFirst), ...compareAreas(now.areas, value, now.used) }
}

const errorsFirst = (a: ImportProblem, b: ImportProblem) => Number(a.isWarning) - Number(b.isWarning)

/** The station's areas with those of the file in their place. A community of the file has the grids of the file, no others. */
function mergeAreas(file: FileAreas, { areas: { communities: known }, foreignSlugs, replacesAll }: Now): { value: StationAreas, problems: ImportProblem[], touched: Set<string> } {
  const problems: ImportProblem[] = []
  const slugs = [...new Set([...file.communities.map(({ slug }) => slug), ...file.grids.map(({ community }) => community)])]
  const merged = slugs.flatMap((slug) => {
    const before = known.find(community => community.slug === slug)
    const given = file.communities.find(community => community.slug === slug)
    const name = given?.name ?? before?.name
    if (foreignSlugs.includes(slug)) problems.push(importProblem('foreign_slug', { name: slug }))
    if (!name) {
      problems.push(importProblem('community_missing', { name: slug }))
      return []
    }
    const grids = file.grids.filter(({ community }) => community === slug).map(({ code, name, boundary }) => {
      const kept = before?.grids.find(grid => grid.code === code)
      // A grid whose outline stays keeps its middle, where people know its number.
      return { code, name, boundary, ...kept && isSame(kept.boundary, boundary) ? { lat: kept.lat, lng: kept.lng } : middleOf(boundary) }
    }).toSorted((a, b) => a.code < b.code ? -1 : 1)
    if (!grids.length) problems.push(importProblem('no_grids', { name: slug }))
    const boundary = given?.boundary ?? togetherOf(grids.map(grid => grid.boundary)) ?? before?.boundary
    return boundary ? [{ slug, name, boundary, grids }] : []
  })
  const stays = replacesAll ? [] : known.filter(({ slug }) => !slugs.includes(slug))
  for (const { code } of merged.flatMap(({ grids }) => grids)) {
    const other = stays.find(({ grids }) => grids.some(grid => grid.code === code))
    if (other) problems.push(importProblem('double_code', { name: code }))
  }
  // In the order that the station has, new ones behind.
  const rank = (slug: string) => {
    const at = known.findIndex(community => community.slug === slug)
    return at < 0 ? known.length : at
  }
  return { value: { communities: [...merged, ...stays].toSorted((a, b) => rank(a.slug) - rank(b.slug)) }, problems, touched: new Set(slugs) }
}

/** What is new, changed, the same and gone. A grid in which reports lie is retired, not removed. */
export function compareAreas(before: StationAreas, after: StationAreas, used: readonly string[]): Pick<ImportPlan, 'communities' | 'grids'> {
  const stateOf = (kept: { name: { zh: string, en: string }, boundary: Area } | undefined, now: { name: { zh: string, en: string }, boundary: Area }): AreaState =>
    !kept ? 'new' : kept.name.zh === now.name.zh && kept.name.en === now.name.en && isSame(kept.boundary, now.boundary) ? 'same' : 'changed'
  const gridsOf = ({ communities }: StationAreas) => communities.flatMap(({ slug, grids }) => grids.map(grid => ({ ...grid, community: slug })))
  const [gridsBefore, gridsAfter] = [gridsOf(before), gridsOf(after)]
  const find = (all: typeof gridsBefore, { community, code }: { community: string, code: string }) => all.find(grid => grid.community === community && grid.code === code)
  return {
    communities: [
      ...after.communities.map(({ slug, name, boundary }) => ({ slug, name, boundary, state: stateOf(before.communities.find(community => community.slug === slug), { name, boundary }) })),
      ...before.communities.filter(({ slug }) => !after.communities.some(community => community.slug === slug)).map(({ slug, name, boundary }) => ({ slug, name, boundary, state: 'retired' as const })),
    ],
    grids: [
      ...gridsAfter.map((grid): PlannedGrid => ({ ...grid, state: stateOf(find(gridsBefore, grid), grid) })),
      ...gridsBefore.filter(grid => !find(gridsAfter, grid)).map((grid): PlannedGrid => ({ ...grid, state: used.includes(grid.code) ? 'retired' : 'removed' })),
    ],
  }
}

/** A grid that keeps its code and lies mostly elsewhere: its old reports would seem to have happened there. */
function findMoved(value: StationAreas, { areas: { communities: known }, used }: Now): ImportProblem[] {
  return value.communities.flatMap(({ slug, grids }) => grids.flatMap(({ code, boundary }) => {
    const kept = known.find(community => community.slug === slug)?.grids.find(grid => grid.code === code)
    if (!kept || !used.includes(code) || isSame(kept.boundary, boundary)) return []
    // An outline that crosses the old one everywhere lies where it lay.
    if (countCrossings(kept.boundary, boundary, 2000) === 2000) return []
    const shared = meet(boxOf(kept.boundary), boxOf(boundary)) ? sharedBy(kept.boundary, boundary).reduce((sum, piece) => sum + sizeOf(piece), 0) : 0
    return shared < Math.min(sizeOf(kept.boundary), sizeOf(boundary)) / 2 ? [importProblem('grid_moved', { name: code }, { at: middleOf(boundary), area: boundary })] : []
  }))
}

const isSame = (a: Area, b: Area) => JSON.stringify([a.type, a.coordinates]) === JSON.stringify([b.type, b.coordinates])
