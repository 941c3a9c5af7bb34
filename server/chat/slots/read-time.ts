/*
  When something happened, read from a sentence. A day with an hour, or a span back from now, is an instant; a day or a part of it
  (`昨晚`, `last night`) stays what was said, with the date beside it: more than was said is never made up.
*/
import type { Locale } from '#shared/locales'
import { dayOf, instantOf } from '#shared/reports/wall-time'

export interface ReadTime { occurredAt?: string, occurredText?: string, isNow?: boolean, matched: string }

const numbersZh: Record<string, number> = { 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 十一: 11, 十二: 12, 半: 0.5, 几: 3 }
const numbersEn: Record<string, number> = { a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, half: 0.5, couple: 2, few: 3 }
const weekdaysZh = '日一二三四五六'
const weekdaysEn = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const units: Record<string, number> = { 分钟: 60, 小时: 3600, 钟头: 3600, 天: 86_400, 周: 604_800, 星期: 604_800, minute: 60, min: 60, hour: 3600, day: 86_400, week: 604_800 }

const dayWordsZh: Record<string, number> = { 大前天: -3, 前天: -2, 前晚: -2, 昨天: -1, 昨日: -1, 昨晚: -1, 昨夜: -1, 昨儿个: -1, 昨儿: -1, 昨: -1, 今天: 0, 今日: 0, 今早: 0, 今晨: 0, 今晚: 0, 今儿个: 0, 今儿: 0, 今: 0 }
const partsZh: Record<string, [from: number, name: string]> = { 凌晨: [0, '凌晨'], 半夜: [0, '半夜'], 清晨: [0, '清晨'], 早上: [0, '早上'], 早晨: [0, '早上'], 早: [0, '早上'], 上午: [0, '上午'], 中午: [12, '中午'], 下午: [12, '下午'], 傍晚: [12, '傍晚'], 晚上: [12, '晚上'], 夜里: [12, '夜里'], 深夜: [12, '深夜'], 晚: [12, '晚上'], 夜: [12, '夜里'] }
const patternZh = /(?:(?<now>刚才|刚刚|现在|正在|此刻|这会儿)|(?<back>[一二两三四五六七八九十半几]|\d+)个?(?<half>半)?(?<unit>分钟|小时|钟头|天|周|星期)(?:以?前|之前)|(?:(?<day>大前天|前天|前晚|昨天|昨日|昨晚|昨夜|昨儿个|昨儿|今天|今日|今早|今晨|今晚|今儿个|今儿|昨|今)|(?<last>上个?|这个?|本)?(?:周|星期|礼拜)(?<weekday>[一二三四五六日天末])|(?:(?<year>20\d\d)年)?(?<month>\d{1,2})月(?<date>\d{1,2})[日号]?)\s*(?<part>凌晨|半夜|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜|早|晚|夜)?\s*(?:(?<hour>十[一二]|[一二两三四五六七八九十]|\d{1,2})\s*(?:点|时|:|：)\s*(?<minute>半|[0-5]?\d)?分?)?)/u
const patternEn = new RegExp('(?:(?<now>just now|right now|at the moment|a moment ago)|(?<back>\\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|half an?|a couple of|a few) (?<unit>minute|min|hour|day|week)s? ago'
  + '|(?:(?<day>the day before yesterday|yesterday|today|this|last night|tonight)|(?:(?<last>last|on|this past) )?(?<weekday>sun|mon|tue|wed|thu|fri|sat)(?:day|sday|nesday|rsday|urday)?\\b|(?<year>20\\d\\d)-(?<month>\\d{1,2})-(?<date>\\d{1,2}))'
  + '(?:,? (?:in the |at )?(?<part>night|morning|noon|midday|afternoon|evening))?(?:,? (?:at|around|about) (?<hour>\\d{1,2})(?:[:.](?<minute>[0-5]\\d))?\\s*(?<half>am|pm|o\'clock)?)?)', 'i')

/**
 * Reads the first time that a text names.
 * @param now milliseconds of the station's clock
 */
export function readTime(text: string, locale: Locale, now: number, timeZone: string): ReadTime | undefined {
  const found = (locale === 'zh' ? patternZh : patternEn).exec(text.normalize('NFKC').toLowerCase())
  if (!found?.groups) return undefined
  const { now: isNow, back, half, unit, ...named } = found.groups
  const matched = found[0].trim()
  if (isNow) return { isNow: true, occurredAt: new Date(now).toISOString(), matched }
  if (back && unit) {
    const count = (/^\d+$/.test(back) ? Number(back) : numbersZh[back] ?? numbersEn[back.replace(/^an? (couple|few).*/, '$1').replace(/^half.*/, 'half')] ?? 1) + (half === '半' ? 0.5 : 0)
    return { occurredAt: new Date(now - count * (units[unit] ?? 60) * 1000).toISOString(), matched }
  }
  const day = dayNamed(named, locale, now, timeZone)
  if (!day) return undefined
  const hour = hourNamed({ ...named, half }, locale)
  const at = hour && instantOf(day, hour, timeZone)
  if (at && Date.parse(at) <= now + 3_600_000) return { occurredAt: at, matched }
  return { occurredText: locale === 'zh' ? `${matched}（${Number(day.slice(5, 7))} 月 ${Number(day.slice(8))} 日）` : `${matched} (${day})`, matched }
}

type Groups = Record<string, string | undefined>

function dayNamed({ day, last, weekday, year, month, date }: Groups, locale: Locale, now: number, timeZone: string): string | undefined {
  const dayBefore = (days: number) => dayOf(new Date(now - days * 86_400_000).toISOString(), timeZone)
  if (day) {
    if (locale === 'zh') return dayBefore(-(dayWordsZh[day] ?? 0))
    return dayBefore(day.startsWith('the day') ? 2 : /yesterday|last night/.test(day) ? 1 : 0)
  }
  const today = dayBefore(0)
  if (weekday) {
    const wanted = locale === 'zh' ? weekdaysZh.indexOf(weekday.replace('天', '日').replace('末', '六')) : weekdaysEn.indexOf(weekday.slice(0, 3))
    const is = new Date(`${today}T00:00:00Z`).getUTCDay()
    const back = (is - wanted + 7) % 7
    // Said on a Wednesday, 上周五 is the Friday of the week before; plain 周五 the last one that was.
    const monday = (is + 6) % 7
    return dayBefore(locale === 'zh' && last?.startsWith('上') ? monday + 7 - ((wanted + 6) % 7) : back)
  }
  if (!month || !date) return undefined
  const named = `${year ?? today.slice(0, 4)}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  return named > today && !year ? `${Number(today.slice(0, 4)) - 1}${named.slice(4)}` : named
}

function hourNamed({ day, part, hour, minute, half }: Groups, locale: Locale): string | undefined {
  if (!hour) return undefined
  let named = /^\d+$/.test(hour) ? Number(hour) : numbersZh[hour] ?? 0
  const isLate = locale === 'zh' ? (partsZh[part ?? '']?.[0] ?? (/晚|夜/.test(day ?? '') ? 12 : 0)) === 12 : half === 'pm' || /afternoon|evening|night/.test(`${part ?? ''} ${day ?? ''}`)
  if (isLate && named < 12 && !(part === '中午' && named >= 10)) named += 12
  if (half === 'am' && named === 12) named = 0
  return `${String(named).padStart(2, '0')}:${minute === '半' ? '30' : (minute ?? '0').padStart(2, '0')}`
}
