import chineseDays from 'chinese-days'
import type { SetCalendarDayInput } from '#shared/revisits/calendar-schema'

const dayMs = 86_400_000

/**
 * Public holidays of a year and the weekend days that are worked for them, as the State Council announces them each autumn;
 * empty while the library does not know the year.
 * @see https://www.npmjs.com/package/chinese-days
 */
export function publicHolidays(year: number): SetCalendarDayInput[] {
  const days: SetCalendarDayInput[] = []
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += dayMs) {
    const day = new Date(at).toISOString().slice(0, 10)
    const { work, name } = chineseDays.getDayDetail(day)
    // A day out of the ordinary is named "Spring Festival,春节,4", any other by its weekday.
    const [en, zh] = name.split(',')
    if (en && zh) days.push({ day, kind: work ? 'workday' : 'holiday', name: { zh, en } })
  }
  return days
}
