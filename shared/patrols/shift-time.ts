import type { Locale } from '../locales.ts'

/** When a shift is, on the station's wall: "11月24日周二 20:00–22:00", "Tue, 24 Nov, 20:00–22:00". An end on the next day shows by its earlier hour. */
export function shiftTime(startsAt: string, endsAt: string, timeZone: string, locale: Locale): string {
  const format = (instant: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { timeZone, ...options }).format(new Date(instant))
  const hour = (instant: string) => format(instant, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return `${format(startsAt, { month: 'short', day: 'numeric', weekday: 'short' })}${locale === 'zh' ? ' ' : ', '}${hour(startsAt)}–${hour(endsAt)}`
}
