import { heatTable } from '#shared/patrols/heat'
import type { PatrolPlan } from '#shared/patrols/plan-schema'
import { coverageOf, proposeShifts, type RosteredShift } from '#shared/patrols/plan-shifts'
import { dayOf, instantOf } from '#shared/reports/wall-time'
import { dayAfter, weekOf } from '#shared/staff/duty-plan'
import type { DeskActor } from '#server/db/desk-reports'
import { countPatrolHeat } from '#server/db/patrol-heat'
import { patrolPlanQueries } from '#server/db/patrol-plan'
import type { Services } from '../services.ts'

/** As many as somebody reads: each is a decision. */
const mostOpen = 6

/** What of a week the reports speak for, from what the caller may see. @param day any day of it; without one, the coming week @throws AppError forbidden for all but officers, leads and chiefs */
export async function planWeek({ clients }: Services, actor: DeskActor, day?: string): Promise<PatrolPlan> {
  const { time_zone: timeZone, from, until, grids, counts } = await countPatrolHeat(clients, actor)
  // The 28 days end yesterday.
  const monday = day ? weekOf(day) : dayAfter(weekOf(dayAfter(until, 1)), 7)
  const { now, shifts: rows, available } = await patrolPlanQueries(clients, actor).read(...boundsOf(monday, dayAfter(monday, 6), timeZone))
  const table = heatTable(counts.map(({ grid_id: gridId, ...count }) => ({ gridId, ...count })), grids.map(({ grid_id: id }) => id))
  const shifts = rows.map(rosteredShift)
  const communityOf = new Map(grids.map(({ grid_id: id, community_id: community }) => [id, community]))
  const proposals = proposeShifts(table, { monday, timeZone, limit: mostOpen, shifts, available: (weekday, part) => available.find(row => row.weekday === weekday && row.part === part)?.count ?? 0 })
  return {
    now, timeZone, monday, from, until, shifts: shifts.filter(({ startsAt }) => weekOf(dayOf(startsAt, timeZone)) === monday).length, coverage: coverageOf(table, { monday, timeZone, shifts }) ?? null,
    proposals: proposals.map(proposal => ({ ...proposal, byWeek: [...proposal.byWeek], communityId: communityOf.get(proposal.gridId) ?? '' })),
  }
}

/** The instants between which days of a station lie, the last one included. */
export function boundsOf(first: string, last: string, timeZone: string): [from: string, to: string] {
  const midnight = (day: string) => instantOf(day, '00:00', timeZone) ?? instantOf(day, '01:00', timeZone) ?? day // where clocks go forward at midnight
  return [midnight(first), midnight(dayAfter(last, 1))]
}

/** A shift as the planner weighs it. */
export const rosteredShift = ({ starts_at: startsAt, ends_at: endsAt, grids: gridIds }: { starts_at: string, ends_at: string, grids: string[] }): RosteredShift => ({ startsAt, endsAt, gridIds })
