import type { Locale } from '../locales.ts'

/**
 * Day and hour of an alert on the station's clock: "11月25日 18:00", "25 November, 18:00". Always the same way, so that whoever copies it
 * from a page can have it checked (writtenTimes in server/domain/alerts/check/official-text.ts reads it).
 */
export function alertTime(instant: string, timeZone: string, locale: Locale): string {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { timeZone, ...options }).format(new Date(instant))
  const [day, hour] = [format({ day: 'numeric', month: 'long' }), format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })]
  return locale === 'zh' ? `${day} ${hour}` : `${day}, ${hour}`
}
