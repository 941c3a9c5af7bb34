import chineseDays from 'chinese-days'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueAfter, isWorkingDay, uncoveredYears, type StationCalendar } from '#shared/revisits/calendar'
import { dayOf } from '#shared/reports/wall-time'

const shanghai: StationCalendar = { timeZone: 'Asia/Shanghai', counting: 'calendar', days: {} }
const nationalDay2026: StationCalendar['days'] = {
  ...Object.fromEntries(['01', '02', '03', '04', '05', '06', '07'].map(day => [`2026-10-${day}`, 'holiday' as const])), '2026-10-10': 'workday', '2026-09-20': 'workday',
}
const zones = ['Asia/Shanghai', 'Asia/Kathmandu', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/St_Johns']
const anInstant = fc.date({ min: new Date('2024-01-01T00:00:00Z'), max: new Date('2030-12-31T00:00:00Z'), noInvalidDate: true }).map(date => date.toISOString())
const aCalendar = fc.record({
  timeZone: fc.constantFrom(...zones), counting: fc.constantFrom('calendar' as const, 'working' as const),
  days: fc.dictionary(fc.date({ min: new Date('2024-01-01'), max: new Date('2031-12-31'), noInvalidDate: true }).map(date => date.toISOString().slice(0, 10)), fc.constantFrom('holiday' as const, 'workday' as const, 'closed' as const), { maxKeys: 60 }),
})

describe('a promise of three days', () => {
  it('ends at 24:00 of the third day (RULES D1)', () => {
    expect(dueAfter('2026-11-21T18:30:00+08:00', 3, shanghai)).toBe('2026-11-24T16:00:00.000Z')
    expect(dueAfter('2026-11-21T00:00:00+08:00', 3, shanghai)).toBe('2026-11-24T16:00:00.000Z')
    expect(dueAfter('2026-11-20T23:59:59+08:00', 3, shanghai)).toBe('2026-11-23T16:00:00.000Z')
  })

  it('counted in working days passes over weekends, holidays and days on which the station is closed, and not over days worked for them', () => {
    const working: StationCalendar = { ...shanghai, counting: 'working', days: nationalDay2026 }

    expect(dueAfter('2026-11-20T10:00:00+08:00', 3, working)).toBe('2026-11-25T16:00:00.000Z') // Friday → Wednesday
    expect(dueAfter('2026-09-30T10:00:00+08:00', 3, working)).toBe('2026-10-10T16:00:00.000Z') // 8, 9 and Saturday 10 October
    expect(dueAfter('2026-09-30T10:00:00+08:00', 3, { ...working, days: { ...nationalDay2026, '2026-10-08': 'closed' } })).toBe('2026-10-12T16:00:00.000Z')
  })

  it.each(zones)('ends at midnight on the wall clock of %s, also on days that are an hour longer or shorter', (timeZone) => {
    for (let day = 0; day < 366; day++) {
      const from = new Date(Date.UTC(2026, 0, 1, 12) + day * 86_400_000).toISOString()
      const due = dueAfter(from, 3, { ...shanghai, timeZone })
      const third = new Date(Date.parse(`${dayOf(from, timeZone)}T00:00:00Z`) + 3 * 86_400_000).toISOString().slice(0, 10)
      expect(dayOf(new Date(Date.parse(due) - 1).toISOString(), timeZone)).toBe(third)
      expect(dayOf(due, timeZone)).not.toBe(third)
    }
  })

  it('is never shorter than it says, never ends earlier when it begins later, and grows with the count', () => {
    fc.assert(fc.property(anInstant, fc.integer({ min: 1, max: 10 }), aCalendar, fc.integer({ min: 0, max: 40 * 86_400_000 }), (from, count, calendar, later) => {
      const due = Date.parse(dueAfter(from, count, calendar))
      expect(due - Date.parse(from)).toBeGreaterThanOrEqual((count - 1) * 86_400_000)
      expect(Date.parse(dueAfter(new Date(Date.parse(from) + later).toISOString(), count, calendar))).toBeGreaterThanOrEqual(due)
      expect(Date.parse(dueAfter(from, count + 1, calendar))).toBeGreaterThan(due)
    }))
  })

  it('in working days has just so many of them in it', () => {
    fc.assert(fc.property(anInstant, fc.integer({ min: 1, max: 10 }), aCalendar, (from, count, calendar) => {
      const working: StationCalendar = { ...calendar, counting: 'working' }
      const last = dayOf(new Date(Date.parse(dueAfter(from, count, working)) - 1).toISOString(), working.timeZone)
      const days: string[] = []
      for (let day = Date.parse(`${dayOf(from, working.timeZone)}T00:00:00Z`) + 86_400_000; day <= Date.parse(`${last}T00:00:00Z`); day += 86_400_000) days.push(new Date(day).toISOString().slice(0, 10))
      expect(days.filter(day => isWorkingDay(day, working))).toHaveLength(count)
      expect(isWorkingDay(last, working)).toBe(true)
    }))
  })
})

it('the library of holidays says what the State Council published for 2026', () => {
  expect(Object.keys(nationalDay2026).map(day => [day, chineseDays.isWorkday(day)])).toEqual(Object.entries(nationalDay2026).map(([day, kind]) => [day, kind === 'workday']))
})

it('a year without a known holiday is told', () => {
  expect(uncoveredYears('2026-12-30', '2028-01-02', { days: nationalDay2026 })).toEqual([2027, 2028])
  expect(uncoveredYears('2026-01-01', '2026-12-31', { days: nationalDay2026 })).toEqual([])
})
