import type { TrackPage } from './track-page.ts'

type Opening = TrackPage['access'][number]
/** Openings that read as one: the newest of them, how often, and since when. */
type OpeningGroup = Opening & { count: number, since: string }

const spanMs = 15 * 60_000

/**
 * The list of openings as its reporter reads it: whoever loads a page anew within a quarter of an hour is one line, with how often. The log and
 * the API keep every one. @param openings newest first
 */
export function groupOpenings(openings: readonly Opening[]): OpeningGroup[] {
  const groups: OpeningGroup[] = []
  for (const opening of openings) {
    const group = groups.findLast(known => isAlike(known, opening))
    if (group && Date.parse(group.at) - Date.parse(opening.at) <= spanMs) {
      group.count++
      group.since = opening.at
    }
    else groups.push({ ...opening, count: 1, since: opening.at })
  }
  return groups
}

const isAlike = (one: Opening, other: Opening) =>
  one.role === other.role && one.action === other.action && one.purpose === other.purpose && one.reason === other.reason && one.approvedBy === other.approvedBy
