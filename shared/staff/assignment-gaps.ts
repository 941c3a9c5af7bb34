import type { AssignmentKind, Gap } from './people-schema.ts'

interface Span { kind: AssignmentKind, fromOn: string, toOn: string | null }

const dayMs = 86_400_000
/** @param day `2026-11-22` */
const shift = (day: string, days: number) => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)

/**
 * Days from today on on which a community has no officer. A gap is cut where a stand-in begins or ends, since then somebody is there at least.
 * Beyond the horizon nothing is said, but for a gap without an end.
 * @param today and all days by the station's calendar, both ends inclusive
 * @param horizonDays how far ahead is looked
 */
export function assignmentGaps(assignments: readonly Span[], today: string, horizonDays = 90): Gap[] {
  const last = shift(today, horizonDays)
  const covers = (kind: AssignmentKind, day: string) => assignments.some(span => span.kind === kind && span.fromOn <= day && (span.toOn === null || span.toOn >= day))
  // Nothing changes between these days.
  const turns = [...new Set([today, ...assignments.flatMap(({ fromOn, toOn }) => [fromOn, ...toOn === null ? [] : [shift(toOn, 1)]])])].filter(day => day >= today && day <= last).sort()
  const gaps: Gap[] = []
  turns.forEach((day, index) => {
    if (covers('officer', day)) return
    const next = turns[index + 1]
    const hasStandIn = covers('stand_in', day)
    const before = gaps.at(-1)
    const toOn = next === undefined ? endBeyond(assignments, last) : shift(next, -1)
    if (before && before.hasStandIn === hasStandIn && before.toOn !== null && shift(before.toOn, 1) === day) before.toOn = toOn
    else gaps.push({ fromOn: day, toOn, hasStandIn })
  })
  return gaps
}

/** The day before somebody comes beyond the horizon; null when nobody is planned. */
function endBeyond(assignments: readonly Span[], last: string): string | null {
  const next = assignments.flatMap(({ kind, fromOn }) => kind === 'officer' && fromOn > last ? [fromOn] : []).sort()[0]
  return next === undefined ? null : shift(next, -1)
}
