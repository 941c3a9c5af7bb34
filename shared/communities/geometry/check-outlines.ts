import type { ImportProblem, StationAreas } from '../import-schema.ts'
import type { Area } from '../reference-data.ts'
import { countCrossings, firstCrossingOf } from './crossings.ts'
import { importProblem, type FileAreas } from './read-areas.ts'
import { middleOf, pairsThatMeet } from './shapes.ts'

/**
 * What a file may ask of the machine that checks it, since residents wait for their pages meanwhile: crossings of all its outlines
 * with each other, time, problems. Outlines drawn for use cross in some hundred places; whoever reads two hundred faults draws anew.
 */
const limits = { crossings: 20_000, milliseconds: 3000, problems: 200 }

interface Outline { name: string, boundary: Area }

/** Takes the problems that a check finds, at most 200. @returns `too_involved` alone when three seconds were not enough */
export function withinLimits(check: Iterable<ImportProblem | undefined>, now = () => performance.now()): ImportProblem[] {
  const until = now() + limits.milliseconds
  const found: ImportProblem[] = []
  for (const problem of check) {
    if (now() > until) return [importProblem('too_involved')]
    if (problem && found.push(problem) === limits.problems) break
  }
  return found
}

/**
 * Outlines that cross themselves, so that nobody can say what lies inside, and those that cross each other so often that working
 * out what they share would take the machine. Comes before anything else is worked out from them.
 */
export function* checkOutlines({ communities, grids }: FileAreas, { communities: known }: StationAreas): Generator<ImportProblem | undefined> {
  const drawn: Outline[] = [...communities.map(({ slug, boundary }) => ({ name: slug, boundary })), ...grids.map(({ code, boundary }) => ({ name: code, boundary }))]
  for (const { name, boundary } of drawn) {
    const at = firstCrossingOf(boundary)
    yield at && importProblem('crosses_itself', { name }, { at, area: boundary })
  }
  let left = limits.crossings
  for (const group of groupsOf(communities, grids, known)) {
    for (const [a, b] of pairsThatMeet(group)) {
      left -= countCrossings(a.boundary, b.boundary, left)
      if (left) {
        yield undefined
        continue
      }
      yield importProblem('tangled', { name: a.name, other: b.name }, { at: middleOf(a.boundary), area: a.boundary })
      return
    }
  }
}

/** Outlines that are compared with each other later: all communities; each one's grids, as they are and as they were. */
function groupsOf(communities: FileAreas['communities'], grids: FileAreas['grids'], known: StationAreas['communities']): Outline[][] {
  const given = new Set(communities.map(({ slug }) => slug))
  const all = [...communities, ...known.filter(({ slug }) => !given.has(slug))]
  return [all.map(({ slug, boundary }) => ({ name: slug, boundary })), ...Object.entries(Object.groupBy(grids, ({ community }) => community)).map(([slug, own = []]) => [
    ...all.filter(community => community.slug === slug).map(({ boundary }) => ({ name: slug, boundary })),
    ...own.map(({ code, boundary }) => ({ name: code, boundary })),
  ])]
}
