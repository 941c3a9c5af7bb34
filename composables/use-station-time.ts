import type { MaybeRefOrGetter } from 'vue'
import { dayOf } from '#shared/reports/wall-time'

/**
 * Times on the station's wall clock, words first: "tomorrow at 18:00", "Thursday, 24:00" (LOOK.md).
 * @param now instant the words are reckoned from
 */
export function useStationTime(timeZone: MaybeRefOrGetter<string>, now: MaybeRefOrGetter<string>) {
  const { t, locale } = useI18n()
  const format = (instant: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.value === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: toValue(timeZone), ...options }).format(new Date(instant))
  const clock = (instant: string) => format(instant, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const days = (instant: string) => Math.round((Date.parse(dayOf(instant, toValue(timeZone))) - Date.parse(dayOf(toValue(now), toValue(timeZone)))) / 86_400_000)

  /** The day in words: today, tomorrow, Thursday, 24 November. */
  function day(instant: string): string {
    const distance = days(instant)
    if (distance === 0) return t('reports.time.today')
    if (distance === 1) return t('reports.time.tomorrow')
    if (distance === -1) return t('reports.time.yesterday')
    if (distance > 1 && distance < 7) return format(instant, { weekday: 'long' })
    return format(instant, { day: 'numeric', month: 'long', ...(Math.abs(distance) > 180 && { year: 'numeric' }) })
  }

  const date = (instant: string) => format(instant, { day: 'numeric', month: 'long' })
  const limit = (instant: string, dayOf: (instant: string) => string) => clock(instant) === '00:00'
    ? t('reports.time.endOf', { day: dayOf(new Date(Date.parse(instant) - 1).toISOString()) })
    : t('reports.time.at', { day: dayOf(instant), time: clock(instant) })

  return {
    /** Hour and minute. */
    clock,
    second: (instant: string) => format(instant, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    /** Day and hour in words. */
    at: (instant: string) => t('reports.time.at', { day: day(instant), time: clock(instant) }),
    /** A limit: midnight belongs to the day that ends with it. */
    by: (instant: string) => limit(instant, day),
    /** The same with its date, also where it is near: for what is written down and passed on. */
    byDate: (instant: string) => limit(instant, date),
    /** Date and time in full. */
    exact: (instant: string) => format(instant, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    /** A limit in full. */
    exactBy: (instant: string) => clock(instant) === '00:00'
      ? `${format(new Date(Date.parse(instant) - 1).toISOString(), { year: 'numeric', month: '2-digit', day: '2-digit' })} 24:00`
      : format(instant, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    /** A day of the calendar, `YYYY-MM-DD`, in full. */
    date: (date: string) => format(`${date}T00:00:00Z`, { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' }),
    exactDay: (instant: string) => format(instant, { year: 'numeric', month: 'long', day: 'numeric' }),
  }
}
