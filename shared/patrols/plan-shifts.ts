import { instantOf } from '../reports/wall-time.ts'
import { dayAfter } from '../staff/duty-plan.ts'
import { chanceOfAsMany, estimate, heatRules, type Estimate, type HeatCell, type HeatTable } from './heat.ts'

/** Parts of a day as volunteers say when they have time; the hours are those of the station's wall clock. */
export const dayParts = ['morning', 'afternoon', 'evening', 'night'] as const
export type DayPart = typeof dayParts[number]

/** A shift that stands in the roster, with the grids that its route passes. ISO 8601. */
export interface RosteredShift { gridIds: readonly string[], startsAt: string, endsAt: string }

export interface PlanOptions {
  /** The week that is planned: its Monday, `YYYY-MM-DD`. */
  monday: string
  timeZone: string
  /** At most so many open proposals. */
  limit: number
  shifts: readonly RosteredShift[]
  /** How many active volunteers have time. */
  available: (weekday: number, part: DayPart) => number
}

/** `open`: worth a shift. `covered`: a shift stands there already. `unstaffed`: fewer than two have time (never alone). */
export type ProposalState = 'open' | 'covered' | 'unstaffed'

/** A shift that the reports speak for, with everything that its sentence says. It knows places and hours and no report. */
export interface Proposal extends Estimate {
  gridId: string
  weekday: number
  /** `HH:00` on the station's wall clock; midnight at the end is `24:00`. */
  from: string
  to: string
  startsAt: string
  endsAt: string
  state: ProposalState
  /** In how many of the four weeks there was a report. */
  weeksSeen: number
  /** How many times the mean of the station. */
  timesMean: number
  /** `clear`: less than one in twenty that chance alone makes any such cluster in the whole table. `hint`: it may be chance. */
  strength: 'clear' | 'hint'
  coveredMinutes: number
  available: number
}

/** Three reports in two different weeks: one bad evening is no pattern. */
const fewestReports = 3
const fewestWeeks = 2
const fewestVolunteers = 2
const chanceOfError = 0.05

/**
 * Shifts of a week that the reports speak for, the surest first: those whose lower bound is highest. What is covered or has nobody is said and not left out.
 * @param table reports of the last four weeks
 */
export function proposeShifts(table: HeatTable, options: PlanOptions): Proposal[] {
  const candidates = table.cells.filter(cell => isPattern(cell, table.mean)).toSorted(surestFirst)
  const taken = new Set<HeatCell>()
  const stretches: { cells: HeatCell[], sum: Estimate }[] = []
  for (const cell of candidates) {
    if (taken.has(cell)) continue
    // Of two neighbouring bands one shift of four hours is made, of three not one of six: people walk.
    const neighbour = candidates.find(other => !taken.has(other) && other.gridId === cell.gridId && other.weekday === cell.weekday && Math.abs(other.band - cell.band) === 1)
    const cells = neighbour ? [cell, neighbour].toSorted((one, other) => one.band - other.band) : [cell]
    for (const part of cells) taken.add(part)
    stretches.push({ cells, sum: estimate(cell.byWeek.map((count, week) => count + (neighbour?.byWeek[week] ?? 0))) })
  }
  const proposals = stretches.map(({ cells, sum }) => proposalOf(cells, sum, table, options)).filter(proposal => proposal !== undefined).toSorted(surestFirst)
  let open = 0
  return proposals.filter(({ state }) => state !== 'open' || ++open <= options.limit)
}

/** How much of what the reports speak of lies in hours and grids where a shift stands: from 0 to 1, weighted as the table is. Undefined without reports. */
export function coverageOf(table: HeatTable, { monday, timeZone, shifts }: Pick<PlanOptions, 'monday' | 'timeZone' | 'shifts'>): number | undefined {
  const all = table.cells.reduce((sum, { rate }) => sum + rate, 0)
  if (!all) return undefined
  const covered = table.cells.reduce((sum, cell) => {
    const hours = hoursOf([cell], monday, timeZone)
    return sum + (hours ? cell.rate * coveredMinutes(cell.gridId, hours, shifts) / minutesBetween(hours.startsAt, hours.endsAt) : 0)
  }, 0)
  return covered / all
}

const mostTimes = 20

/** What a proposal says for itself, as the key of a sentence and its numbers; grid and weekday are named by whoever knows the words. */
export function reasonOf({ strength, count, weeksSeen, timesMean, from, to }: Proposal): { key: 'patrols.plan.clear' | 'patrols.plan.hint', facts: { count: number, weeks: number, times: number, isMore: boolean, from: string, to: string } } {
  // Most grids are quiet at most hours: beyond twenty times the mean, and in tenths once the number is large, more is said than is known.
  const times = timesMean < 10 ? Math.round(timesMean * 10) / 10 : Math.min(Math.round(timesMean), mostTimes)
  return { key: strength === 'clear' ? 'patrols.plan.clear' : 'patrols.plan.hint', facts: { count, weeks: weeksSeen, times, isMore: timesMean > mostTimes, from, to } }
}

/** In which part of the day a band begins: night is 22–06, evening 18–22. */
export function dayPartOf(band: number): DayPart {
  const hour = band * heatRules.bandHours
  if (hour < 6 || hour >= 22) return 'night'
  return hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
}

function isPattern(cell: HeatCell, mean: number): boolean {
  return cell.count >= fewestReports && weeksSeen(cell) >= fewestWeeks && cell.low > mean / heatRules.weeks
}

const weeksSeen = ({ byWeek }: Estimate): number => byWeek.filter(count => count > 0).length

/** The same list for the same numbers, whatever order they came in. */
function surestFirst<Kind extends { low: number, gridId: string, weekday: number, startsAt?: string, band?: number }>(one: Kind, other: Kind): number {
  return other.low - one.low || one.weekday - other.weekday || (one.band ?? 0) - (other.band ?? 0) || (one.startsAt ?? '').localeCompare(other.startsAt ?? '') || one.gridId.localeCompare(other.gridId)
}

function proposalOf(cells: readonly HeatCell[], sum: Estimate, table: HeatTable, { monday, timeZone, shifts, available }: PlanOptions): Proposal | undefined {
  const [first] = cells
  const hours = hoursOf(cells, monday, timeZone)
  if (!first || !hours) return undefined // an hour that the clock leaves out
  const expected = table.mean * cells.length
  const people = Math.min(...cells.map(({ weekday, band }) => available(weekday, dayPartOf(band))))
  const minutes = coveredMinutes(first.gridId, hours, shifts)
  const isCovered = minutes * 2 >= minutesBetween(hours.startsAt, hours.endsAt)
  return {
    gridId: first.gridId, weekday: first.weekday, ...hours, ...sum,
    state: isCovered ? 'covered' : people < fewestVolunteers ? 'unstaffed' : 'open',
    weeksSeen: weeksSeen(sum), timesMean: sum.count / expected,
    // Bonferroni: each cell, and each pair of neighbours, was a chance to be wrong.
    strength: chanceOfAsMany(sum.count, expected) * 2 * table.size < chanceOfError ? 'clear' : 'hint',
    coveredMinutes: minutes, available: people,
  }
}

interface Hours { from: string, to: string, startsAt: string, endsAt: string }

function hoursOf(cells: readonly HeatCell[], monday: string, timeZone: string): Hours | undefined {
  const [first, last] = [cells[0], cells.at(-1)]
  if (!first || !last) return undefined
  const day = dayAfter(monday, first.weekday - 1)
  const until = (last.band + 1) * heatRules.bandHours
  const startsAt = instantOf(day, wallHour(first.band * heatRules.bandHours), timeZone)
  const endsAt = until === 24 ? instantOf(dayAfter(day, 1), '00:00', timeZone) : instantOf(day, wallHour(until), timeZone)
  return startsAt && endsAt && startsAt < endsAt ? { from: wallHour(first.band * heatRules.bandHours), to: wallHour(until), startsAt, endsAt } : undefined
}

const wallHour = (hour: number): string => `${String(hour).padStart(2, '0')}:00`
const minutesBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 60_000

/** Minutes of some hours in which a shift passes a grid; two at the same time count once. */
function coveredMinutes(gridId: string, { startsAt, endsAt }: Pick<Hours, 'startsAt' | 'endsAt'>, shifts: readonly RosteredShift[]): number {
  const [begins, ends] = [Date.parse(startsAt), Date.parse(endsAt)]
  const within = shifts.filter(({ gridIds }) => gridIds.includes(gridId)).map(shift => [Math.max(begins, Date.parse(shift.startsAt)), Math.min(ends, Date.parse(shift.endsAt))] as const)
    .filter(([from, to]) => from < to).toSorted(([one], [other]) => one - other)
  let [sum, reached] = [0, begins]
  for (const [from, to] of within) {
    sum += Math.max(0, to - Math.max(from, reached))
    reached = Math.max(reached, to)
  }
  return sum / 60_000
}
