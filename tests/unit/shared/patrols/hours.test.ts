import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attendedPeriod, countTime, defaultNight, sumTime, type NightRule } from '#shared/patrols/hours'

const shanghai = 'Asia/Shanghai'
const count = (from: string, to: string, night: NightRule = defaultNight, zone = shanghai) => Object.values(countTime({ from, to }, zone, night))

describe('time on patrol', () => {
  it.each([
    // [on the wall in Shanghai, minutes, of them at night, credit]
    ['an evening', '2026-12-04T19:30+08:00', '2026-12-04T21:30+08:00', 120, 0, 120],
    ['into the night', '2026-12-04T21:00+08:00', '2026-12-04T23:30+08:00', 150, 90, 195],
    ['over midnight', '2026-12-04T23:00+08:00', '2026-12-05T01:00+08:00', 120, 120, 180],
    ['out of the night', '2026-12-05T05:30+08:00', '2026-12-05T06:30+08:00', 60, 30, 75],
    ['around a whole night', '2026-12-04T21:59+08:00', '2026-12-05T06:01+08:00', 482, 480, 722],
    ['the last minute before the night', '2026-12-04T21:59+08:00', '2026-12-04T22:00+08:00', 1, 0, 1],
    ['the first minute of the night', '2026-12-04T22:00+08:00', '2026-12-04T22:01+08:00', 1, 1, 1],
    ['two minutes of the night', '2026-12-04T22:00+08:00', '2026-12-04T22:02+08:00', 2, 2, 3],
    ['nothing', '2026-12-04T22:00+08:00', '2026-12-04T22:00+08:00', 0, 0, 0],
  ])('%s', (_name, from, to, minutes, nightMinutes, creditMinutes) => {
    expect(count(from, to)).toEqual([minutes, nightMinutes, creditMinutes])
  })

  it('a minute that has not run to its end is left out at both ends alike', () => {
    expect(count('2026-12-04T19:30:40+08:00', '2026-12-04T21:30:10+08:00')).toEqual([120, 0, 120])
  })

  it('the night is the station\'s: other hours, another factor, none, or one within a day', () => {
    const [from, to] = ['2026-12-04T21:00+08:00', '2026-12-05T01:00+08:00']

    expect(count(from, to, { from: '23:00', to: '05:00', creditPercent: 200 })).toEqual([240, 120, 360])
    expect(count(from, to, { from: '22:00', to: '06:00', creditPercent: 100 })).toEqual([240, 180, 240])
    expect(count(from, to, { from: '00:00', to: '00:00', creditPercent: 300 })).toEqual([240, 0, 240])
    expect(count(from, to, { from: '00:00', to: '04:00', creditPercent: 125 })).toEqual([240, 60, 255])
  })

  it('where clocks change, the minutes that passed are counted: seven hours of a night in spring, nine in autumn', () => {
    const berlin = 'Europe/Berlin'

    expect(count('2027-03-27T22:00+01:00', '2027-03-28T06:00+02:00', defaultNight, berlin)).toEqual([420, 420, 630])
    expect(count('2027-10-30T22:00+02:00', '2027-10-31T06:00+01:00', defaultNight, berlin)).toEqual([540, 540, 810])
  })

  it('a period that ends before it begins, or is none, is refused', () => {
    expect(() => count('2026-12-04T22:00Z', '2026-12-04T21:00Z')).toThrow(RangeError)
    expect(() => count('', '2026-12-04T21:00Z')).toThrow(RangeError)
  })

  it('cut anywhere into two, minutes add up, and the credit falls short by less than a minute', () => {
    const start = Date.parse('2026-12-04T00:00Z')
    const instant = (minute: number) => new Date(start + minute * 60_000).toISOString()
    const minutes = fc.integer({ min: 0, max: 3000 })
    fc.assert(fc.property(fc.tuple(minutes, minutes, minutes).map(cuts => cuts.toSorted((one, other) => one - other)), ([from = 0, cut = 0, to = 0]) => {
      const whole = countTime({ from: instant(from), to: instant(to) }, shanghai, defaultNight)
      const parts = sumTime([countTime({ from: instant(from), to: instant(cut) }, shanghai, defaultNight), countTime({ from: instant(cut), to: instant(to) }, shanghai, defaultNight)])

      expect([parts.minutes, parts.nightMinutes]).toEqual([whole.minutes, whole.nightMinutes])
      expect([0, 1]).toContain(whole.creditMinutes - parts.creditMinutes)
      expect(whole.nightMinutes).toBeLessThanOrEqual(whole.minutes)
    }))
  })
})

describe('what of a shift somebody was there for', () => {
  const shift = { from: '2026-12-04T11:30:00.000Z', to: '2026-12-04T13:30:00.000Z' }

  it('from the beginning for whoever was at the roll call before it, until the end for whoever stayed longer', () => {
    expect(attendedPeriod(shift, { from: '2026-12-04T11:05:00Z', to: '2026-12-04T13:50:00Z' })).toEqual(shift)
  })

  it('from the roll call for whoever came late, until the check-out for whoever left early', () => {
    expect(attendedPeriod(shift, { from: '2026-12-04T11:41:00Z', to: '2026-12-04T12:30:00Z' })).toEqual({ from: '2026-12-04T11:41:00.000Z', to: '2026-12-04T12:30:00.000Z' })
  })

  it('nothing when they were gone before it began', () => {
    expect(attendedPeriod(shift, { from: '2026-12-04T11:05:00Z', to: '2026-12-04T11:30:00Z' })).toBeUndefined()
  })
})
