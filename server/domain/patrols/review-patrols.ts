import { heatTable } from '#shared/patrols/heat'
import { localeCodes, type Locale } from '#shared/locales'
import type { PatrolReview, ReviewFigures } from '#shared/patrols/plan-schema'
import { coverageOf } from '#shared/patrols/plan-shifts'
import { dayAfter, weekOf } from '#shared/staff/duty-plan'
import type { DeskActor } from '#server/db/desk-reports'
import { countPatrolHeat } from '#server/db/patrol-heat'
import { patrolPlanQueries } from '#server/db/patrol-plan'
import type { Services } from '../services.ts'
import { boundsOf, rosteredShift } from './plan-week.ts'

type Say = (locale: Locale, key: string, params: Record<string, string | number>) => string

/**
 * Figures of some days and a draft in both languages: numbers of the database, nobody's name. How much was covered is said of the whole weeks in it, by the reports of the last 28 days.
 * @throws AppError forbidden for all but leads and chiefs, invalid_input: more than two months
 */
export async function reviewPatrols({ clients }: Services, actor: DeskActor, { from, until }: { from: string, until: string }, say: Say): Promise<PatrolReview> {
  const queries = patrolPlanQueries(clients, actor)
  const { called_off_few: calledOffFew, called_off: calledOff, not_held: notHeld, night_minutes: nightMinutes, findings_closed: findingsClosed, ok: _ok, ...rest } = await queries.count(from, until)
  const figures = { ...rest, calledOffFew, calledOff, notHeld, nightMinutes, findingsClosed }
  const { time_zone: timeZone, grids, counts } = await countPatrolHeat(clients, actor)
  const table = heatTable(counts.map(({ grid_id: gridId, ...count }) => ({ gridId, ...count })), grids.map(({ grid_id: id }) => id))
  const shifts = (await queries.read(...boundsOf(from, until, timeZone))).shifts.map(rosteredShift)
  const shares = wholeWeeks(from, until).flatMap(monday => coverageOf(table, { monday, timeZone, shifts }) ?? [])
  const coverage = shares.length ? shares.reduce((sum, share) => sum + share, 0) / shares.length : null
  const draft = (locale: Locale) => draftOf(figures, coverage, (key, params = {}) => say(locale, `patrols.planner.draft.${key}`, { from, until, ...params }))
  return { from, until, figures, coverage, drafts: Object.fromEntries(localeCodes.map(code => [code, draft(code)])) as Record<Locale, string> }
}

/** The Mondays of weeks that lie wholly between two days. */
export function wholeWeeks(from: string, until: string): string[] {
  const first = weekOf(from) === from ? from : dayAfter(weekOf(from), 7)
  const mondays: string[] = []
  for (let monday = first; dayAfter(monday, 6) <= until; monday = dayAfter(monday, 7)) mondays.push(monday)
  return mondays
}

function draftOf({ planned, held, calledOff, calledOffFew, notHeld, people, attendances, missed, minutes, nightMinutes, findings, findingsClosed }: ReviewFigures, coverage: number | null, say: (key: string, params?: Record<string, string | number>) => string): string {
  const hours = (count: number) => String(Math.round(count / 6) / 10)
  return [
    say('title'), '',
    say('held', { planned, held }),
    ...calledOff + calledOffFew ? [say('calledOff', { count: calledOff + calledOffFew, few: calledOffFew })] : [],
    ...notHeld ? [say('notHeld', { count: notHeld })] : [],
    say('people', { people, attendances }),
    ...missed ? [say('missed', { count: missed })] : [],
    say('hours', { hours: hours(minutes), night: hours(nightMinutes) }),
    say('findings', { count: findings, closed: findingsClosed }),
    ...coverage === null ? [] : [say('coverage', { percent: Math.round(coverage * 100) })],
    '', say('ownWords'), '',
  ].join('\n')
}
