import type { Locale } from '../locales.ts'
import { offsetAt } from './clock.ts'

/**
 * The instant of a day and hour on the station's wall clock, ISO 8601, or undefined when there is no such day or hour.
 * @param on `YYYY-MM-DD`
 * @param at `HH:MM`; noon when it is not known
 * @param timeZone IANA name
 */
export function instantOf(on: string, at: string | undefined, timeZone: string): string | undefined {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(on)
  const hour = /^([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?$/.exec(at || '12:00')
  if (!day || !hour) return undefined
  const wall = Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]), Number(hour[1]), Number(hour[2]))
  if (new Date(wall).toISOString().slice(0, 10) !== on) return undefined // 31 February
  const guess = wall - offsetAt(wall, timeZone)
  return new Date(wall - offsetAt(guess, timeZone)).toISOString()
}

/** The day of an instant on the station's wall clock, `YYYY-MM-DD`. */
export function dayOf(instant: string, timeZone: string): string {
  const at = Date.parse(instant)
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 10)
}

/** An instant in full on the station's wall clock, with the name of its time: a paper is read anywhere. @param isLimit midnight belongs to the day that ends with it */
export function instantInWords(instant: string, timeZone: string, locale: Locale, { isLimit = false } = {}): string {
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { timeZone, ...options })
  const at = new Date(instant)
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
  const endsDay = isLimit && clock === '00:00'
  const day = format({ year: 'numeric', month: 'long', day: 'numeric' }).format(endsDay ? at.getTime() - 1 : at)
  const hour = endsDay ? '24:00' : clock
  const zone = format({ timeZoneName: 'long' }).formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
  return locale === 'zh' ? `${day} ${hour}（${zone}）` : `${day}, ${hour} (${zone})`
}
