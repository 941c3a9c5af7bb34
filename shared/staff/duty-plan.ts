import { endOfDay } from '../reports/clock.ts'
import { instantOf } from '../reports/wall-time.ts'

/* The duty roster as rules: weeks by the clock on the station's wall, gaps and overlaps. Nothing of it is stored. */

const dayMs = 86_400_000

/** The Monday of a day's week, `YYYY-MM-DD`. */
export function weekOf(day: string): string {
  const at = new Date(day)
  return dayAfter(day, -((at.getUTCDay() + 6) % 7))
}

/** So many days after a day. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
}

/** The instants at which a day begins and ends in a time zone; a day with a change of clocks is not 24 hours long. */
export function dayBounds(day: string, timeZone: string): { from: string, to: string } {
  const noon = instantOf(day, '12:00', timeZone) ?? day
  return { from: endOfDay(noon, -1, timeZone), to: endOfDay(noon, 0, timeZone) }
}

/** A turn as it is typed: times on the wall; one that ends at or before its beginning ends on the next day. */
export function turnOf({ day, from, to }: { day: string, from: string, to: string }, timeZone: string): { startsAt: string, endsAt: string } | undefined {
  const startsAt = instantOf(day, from, timeZone)
  const endsAt = instantOf(to > from ? day : dayAfter(day, 1), to, timeZone)
  return startsAt && endsAt ? { startsAt, endsAt } : undefined
}

interface Turn { staffId: string, startsAt: string, endsAt: string }
export interface Stretch { from: string, to: string }

/**
 * Where nobody is on duty between two instants, and where more than one is.
 * @returns stretches in the order of time; neighbours of the same kind are one
 */
export function coverage(turns: readonly Turn[], from: string, to: string): { gaps: Stretch[], overlaps: (Stretch & { staffIds: string[] })[] } {
  const [begins, ends] = [Date.parse(from), Date.parse(to)]
  const within = turns.map(({ staffId, startsAt, endsAt }) => ({ staffId, begins: Math.max(Date.parse(startsAt), begins), ends: Math.min(Date.parse(endsAt), ends) })).filter(turn => turn.begins < turn.ends)
  const edges = [...new Set([begins, ends, ...within.flatMap(turn => [turn.begins, turn.ends])])].sort((a, b) => a - b)
  const gaps: Stretch[] = []
  const overlaps: (Stretch & { staffIds: string[] })[] = []
  edges.slice(0, -1).forEach((edge, index) => {
    const stretch = { from: iso(edge), to: iso(edges[index + 1] ?? ends) }
    const staffIds = [...new Set(within.filter(turn => turn.begins <= edge && turn.ends > edge).map(turn => turn.staffId))].sort()
    if (staffIds.length === 0) grow(gaps, stretch, () => true)
    if (staffIds.length > 1) grow(overlaps, { ...stretch, staffIds }, last => last.staffIds.join() === staffIds.join())
  })
  return { gaps, overlaps }
}

/** Joins a stretch to the one before it where they touch and belong together. */
function grow<Kind extends Stretch>(list: Kind[], next: Kind, belongs: (last: Kind) => boolean) {
  const last = list.at(-1)
  if (last && last.to === next.from && belongs(last)) last.to = next.to
  else list.push(next)
}

const iso = (at: number) => new Date(at).toISOString()
