import { dayOf } from '../reports/wall-time.ts'
import { offsetAt } from '../reports/clock.ts'

/** A day that is not what its weekday says: a public holiday, a weekend day that is worked for it, or a day on which this station is closed. */
export const dayKinds = ['holiday', 'workday', 'closed'] as const
export type DayKind = typeof dayKinds[number]

/** How a station counts its days (RULES D1). */
export interface StationCalendar {
  /** IANA name; days end at its midnight. */
  timeZone: string
  /** Every day, or working days only. */
  counting: 'calendar' | 'working'
  /** By `YYYY-MM-DD`; a day that is not named is worked from Monday to Friday. */
  days: Readonly<Record<string, DayKind>>
}

/** A station that is closed for longer than this is gone: counting stops. */
const longestSearch = 400

/** @param day `YYYY-MM-DD` */
export function isWorkingDay(day: string, { days }: Pick<StationCalendar, 'days'>): boolean {
  const kind = days[day]
  if (kind) return kind === 'workday'
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/**
 * When a promise of so many days ends: at 24:00 of the last of them, ISO 8601. The day itself does not count.
 * `private.due_after` in the database answers the same; a test compares them.
 * @param count 1 or more
 */
export function dueAfter(instant: string, count: number, calendar: StationCalendar): string {
  const start = Date.parse(`${dayOf(instant, calendar.timeZone)}T00:00:00Z`)
  let passed = 0
  for (let left = count; left > 0 && passed < longestSearch;) {
    passed += 1
    if (calendar.counting === 'calendar' || isWorkingDay(dayAt(start, passed), calendar)) left -= 1
  }
  return midnight(start + (passed + 1) * dayMs, calendar.timeZone)
}

const dayMs = 86_400_000
const dayAt = (start: number, passed: number) => new Date(start + passed * dayMs).toISOString().slice(0, 10)

/** The instant at which a wall clock shows this midnight. The offset at the guess may differ from the one at the answer: look twice. */
function midnight(wall: number, timeZone: string): string {
  const guess = wall - offsetAt(wall, timeZone)
  return new Date(wall - offsetAt(guess, timeZone)).toISOString()
}

/** Years of a span for which no holiday is known: they count as plain weeks, and the desk is told so. */
export function uncoveredYears(from: string, to: string, { days }: Pick<StationCalendar, 'days'>): number[] {
  const known = new Set(Object.entries(days).filter(([, kind]) => kind === 'holiday').map(([day]) => Number(day.slice(0, 4))))
  const years: number[] = []
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year++) if (!known.has(year)) years.push(year)
  return years
}
