import { calendarQueries, fillCalendarRows } from '#server/db/calendar'
import type { DeskActor } from '#server/db/desk-reports'
import { uncoveredYears } from '#shared/revisits/calendar'
import type { DeskCalendar, SetCalendarDayInput } from '#shared/revisits/calendar-schema'
import type { Services } from '../services.ts'
import { publicHolidays } from './public-holidays.ts'

/** Promises run for days, not months: a year without holidays is worth a warning when it begins within this. */
const horizonDays = 60
const horizonOf = (today: string) => new Date(Date.parse(today) + horizonDays * 86_400_000).toISOString().slice(0, 10)

/**
 * Fills in the public holidays of this year and the next, as far as they are announced.
 * `yearsWithoutHolidays`: how many years that promises reach have none; their days count as plain weeks.
 */
export async function fillCalendar({ clients }: Services, { isDry = false } = {}) {
  const year = new Date().getUTCFullYear()
  const days = [year, year + 1].flatMap(publicHolidays)
  const years = [...new Set(days.map(({ day }) => Number(day.slice(0, 4))))]
  const { changed, today } = await fillCalendarRows(clients, { years, days, is_dry: isDry })
  const known = Object.fromEntries(days.map(({ day, kind }) => [day, kind]))
  return { days: changed, yearsWithoutHolidays: uncoveredYears(today, horizonOf(today), { days: known }).length }
}

/** The calendar of the actor's station. @throws AppError forbidden for whoever is not staff */
export async function readCalendar(services: Services, actor: DeskActor): Promise<DeskCalendar> {
  const { today, counting, may_change: mayChange, days } = await calendarQueries(services.clients, actor).read()
  const known = Object.fromEntries(days.map(({ day, kind }) => [day, kind]))
  return {
    today, counting, mayChange, uncoveredYears: uncoveredYears(today, horizonOf(today), { days: known }),
    days: days.map(({ day, kind, name, is_own: isOwn }) => ({ day, kind, name, isOwn })),
  }
}

/** A day of the station's own. @throws AppError forbidden for all but the chief, and for a day that has begun */
export async function setCalendarDay(services: Services, actor: DeskActor, day: SetCalendarDayInput): Promise<void> {
  await calendarQueries(services.clients, actor).setDay(day)
}

/** @throws AppError forbidden, not_found for a day that is not the station's own */
export async function removeCalendarDay(services: Services, actor: DeskActor, day: string): Promise<void> {
  await calendarQueries(services.clients, actor).removeDay(day)
}

/** @throws AppError forbidden for all but the chief */
export async function setDayCounting(services: Services, actor: DeskActor, counting: string): Promise<void> {
  await calendarQueries(services.clients, actor).setCounting(counting)
}
