import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minutesOf, quietUntil } from '#shared/messages/quiet-hours'

const night = { from: '22:00', to: '07:00' }
const until = (now: string, timeZone: string, quiet = night) => quietUntil(new Date(now), timeZone, quiet)?.toISOString()

describe('quiet hours', () => {
  it.each([
    ['the evening before', '2026-11-22T21:59:59+08:00', undefined],
    ['the first minute', '2026-11-22T22:00:00+08:00', '2026-11-22T23:00:00.000Z'],
    ['before midnight', '2026-11-22T23:30:00+08:00', '2026-11-22T23:00:00.000Z'],
    ['after midnight', '2026-11-23T00:10:00+08:00', '2026-11-22T23:00:00.000Z'],
    ['the last minute', '2026-11-23T06:59:59+08:00', '2026-11-22T23:00:00.000Z'],
    ['the morning', '2026-11-23T07:00:00+08:00', undefined],
    ['the last night of a year', '2026-12-31T23:00:00+08:00', '2026-12-31T23:00:00.000Z'],
  ])('in Shanghai, %s', (_when, now, expected) => {
    expect(until(now, 'Asia/Shanghai')).toBe(expected)
  })

  it('follow the station\'s zone, not the server\'s', () => {
    expect(until('2026-11-22T15:00:00Z', 'Asia/Shanghai')).toBe('2026-11-22T23:00:00.000Z')
    expect(until('2026-11-22T15:00:00Z', 'Europe/Berlin')).toBeUndefined()
    expect(until('2026-11-22T15:00:00Z', 'Asia/Urumqi')).toBeUndefined()
    expect(until('2026-11-22T16:30:00Z', 'Asia/Kathmandu')).toBe('2026-11-23T01:15:00.000Z')
  })

  it('end at seven on the wall in the nights in which clocks are changed', () => {
    expect(until('2026-03-28T23:30:00+01:00', 'Europe/Berlin'), 'forward').toBe('2026-03-29T05:00:00.000Z')
    expect(until('2026-10-24T23:30:00+02:00', 'Europe/Berlin'), 'back').toBe('2026-10-25T06:00:00.000Z')
  })

  it('that end in an hour that is left out end as long after the jump', () => {
    expect(until('2026-03-29T00:30:00+01:00', 'Europe/Berlin', { from: '22:00', to: '02:30' })).toBe('2026-03-29T01:30:00.000Z')
  })

  it('may lie within one day', () => {
    expect(until('2026-11-22T13:00:00+08:00', 'Asia/Shanghai', { from: '12:00', to: '14:00' })).toBe('2026-11-22T06:00:00.000Z')
    expect(until('2026-11-22T14:00:00+08:00', 'Asia/Shanghai', { from: '12:00', to: '14:00' })).toBeUndefined()
  })

  it('from and until alike, or not a time: never quiet', () => {
    expect(until('2026-11-22T23:00:00+08:00', 'Asia/Shanghai', { from: '22:00', to: '22:00' })).toBeUndefined()
    expect(until('2026-11-22T23:00:00+08:00', 'Asia/Shanghai', { from: '25:00', to: '07:00' })).toBeUndefined()
  })

  it('end later than now, within a day and an hour, at a moment that is not quiet', () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
    const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Australia/Lord_Howe', 'UTC')
    fc.assert(fc.property(fc.date({ min: new Date('2025-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }), zones, time, time, (now, zone, from, to) => {
      const end = quietUntil(now, zone, { from, to })
      const awake = ((minutesOf(from) ?? 0) - (minutesOf(to) ?? 0) + 1440) % 1440
      fc.pre(end !== undefined && awake > 120) // who is quiet for 22 hours and more may be so again after a jump
      if (!end) return
      expect(end.getTime()).toBeGreaterThan(now.getTime())
      expect(end.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000)
      expect(quietUntil(end, zone, { from, to })).toBeUndefined()
    }), { numRuns: 400 })
  })
})
