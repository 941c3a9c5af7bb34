import { describe, expect, test } from 'vitest'
import { dayOf, instantInWords, instantOf } from '#shared/reports/wall-time'

describe('a day and hour on the station\'s wall clock', () => {
  test('is an instant in its time zone', () => {
    expect(instantOf('2026-11-20', '22:30', 'Asia/Shanghai')).toBe('2026-11-20T14:30:00.000Z')
  })

  test('is noon when the hour is not known', () => {
    expect(instantOf('2026-11-20', undefined, 'Asia/Shanghai')).toBe('2026-11-20T04:00:00.000Z')
  })

  test('is right on both sides of a change to summer time', () => {
    expect(instantOf('2026-03-29', '01:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z')
    expect(instantOf('2026-03-29', '03:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
  })

  test.each([['2026-02-30', '10:00'], ['20.11.2026', '10:00'], ['2026-11-20', '24:00'], ['2026-11-20', 'about ten']])('is nothing for %s %s', (on, at) => {
    expect(instantOf(on, at, 'Asia/Shanghai')).toBeUndefined()
  })

  test('the day of an instant is the station\'s, not that of Greenwich', () => {
    expect(dayOf('2026-11-20T18:00:00.000Z', 'Asia/Shanghai')).toBe('2026-11-21')
  })

  test.each([['zh', '2026年11月21日 02:05（中国标准时间）'], ['en', '21 November 2026, 02:05 (China Standard Time)']] as const)('in full it is the station\'s too, in %s', (locale, words) => {
    expect(instantInWords('2026-11-20T18:05:00.000Z', 'Asia/Shanghai', locale)).toBe(words)
  })

  test.each([['zh', '2026年11月20日 24:00（中国标准时间）', '2026年11月21日 00:00（中国标准时间）'], ['en', '20 November 2026, 24:00 (China Standard Time)', '21 November 2026, 00:00 (China Standard Time)']] as const)('a limit at midnight is that of the day which ends, in %s', (locale, limit, event) => {
    expect(instantInWords('2026-11-20T16:00:00.000Z', 'Asia/Shanghai', locale, { isLimit: true })).toBe(limit)
    expect(instantInWords('2026-11-20T16:00:00.000Z', 'Asia/Shanghai', locale)).toBe(event)
  })
})
