import { describe, expect, it } from 'vitest'
import { coverage, dayBounds, turnOf, weekOf } from '#shared/staff/duty-plan'
import { addShiftSchema } from '#shared/staff/duty-schema'

const aTurn = (staffId: string, from: string, to: string) => ({ staffId, startsAt: `2026-11-23T${from}:00.000Z`, endsAt: `2026-11-23T${to}:00.000Z` })
const day = ['2026-11-23T00:00:00.000Z', '2026-11-24T00:00:00.000Z'] as const
const hours = ({ from, to }: { from: string, to: string }) => `${from.slice(11, 16)}-${to.slice(11, 16)}`

describe('the week', () => {
  it.each([['2026-11-23', '2026-11-23'], ['2026-11-29', '2026-11-23'], ['2027-01-01', '2026-12-28']])('%s lies in the week of %s', (day, monday) => {
    expect(weekOf(day)).toBe(monday)
  })

  it('a day has its own length when the clocks change', () => {
    const length = (day: string, zone: string) => (Date.parse(dayBounds(day, zone).to) - Date.parse(dayBounds(day, zone).from)) / 3_600_000

    expect(dayBounds('2026-11-23', 'Asia/Shanghai')).toEqual({ from: '2026-11-22T16:00:00.000Z', to: '2026-11-23T16:00:00.000Z' })
    expect([length('2026-03-29', 'Europe/Berlin'), length('2026-10-25', 'Europe/Berlin'), length('2026-11-23', 'Europe/Berlin')]).toEqual([23, 25, 24])
  })
})

describe('a turn as it is typed', () => {
  it('ends on the same day, or on the next when its end is not after its beginning', () => {
    expect(turnOf({ day: '2026-11-23', from: '08:00', to: '20:00' }, 'Asia/Shanghai')).toEqual({ startsAt: '2026-11-23T00:00:00.000Z', endsAt: '2026-11-23T12:00:00.000Z' })
    expect(turnOf({ day: '2026-11-23', from: '20:00', to: '08:00' }, 'Asia/Shanghai')).toEqual({ startsAt: '2026-11-23T12:00:00.000Z', endsAt: '2026-11-24T00:00:00.000Z' })
    expect(turnOf({ day: '2026-11-23', from: '08:00', to: '08:00' }, 'Asia/Shanghai'), 'a whole day').toEqual({ startsAt: '2026-11-23T00:00:00.000Z', endsAt: '2026-11-24T00:00:00.000Z' })
    expect(turnOf({ day: '2026-02-30', from: '08:00', to: '20:00' }, 'Asia/Shanghai')).toBeUndefined()
  })

  it('that is no time is refused', () => {
    expect(addShiftSchema.safeParse({ staffId: '6d6b6c1e-0000-4000-8000-0000000000aa', day: '2026-11-23', from: '24:00', to: '8:00' }).error?.issues.map(({ path }) => path[0])).toEqual(['from', 'to'])
  })
})

describe('gaps and overlaps', () => {
  it('an empty day is one gap', () => {
    expect(coverage([], ...day).gaps.map(hours)).toEqual(['00:00-00:00'])
  })

  it('finds what nobody covers at both ends and between', () => {
    const { gaps, overlaps } = coverage([aTurn('wang', '02:00', '08:00'), aTurn('li', '10:00', '23:00')], ...day)

    expect(gaps.map(hours)).toEqual(['00:00-02:00', '08:00-10:00', '23:00-00:00'])
    expect(overlaps).toEqual([])
  })

  it('turns that touch leave no gap; where two are on duty both are named', () => {
    const { gaps, overlaps } = coverage([aTurn('wang', '00:00', '12:00'), aTurn('li', '10:00', '20:00'), aTurn('zhao', '20:00', '23:59')], ...day)

    expect(gaps.map(hours)).toEqual(['23:59-00:00'])
    expect(overlaps.map(found => [hours(found), found.staffIds])).toEqual([['10:00-12:00', ['li', 'wang']]])
  })

  it('a turn within another is one overlap, and one person\'s two turns in a row are none', () => {
    const { overlaps } = coverage([aTurn('wang', '00:00', '10:00'), aTurn('wang', '10:00', '23:00'), aTurn('li', '08:00', '12:00')], ...day)

    expect(overlaps.map(hours)).toEqual(['08:00-12:00'])
  })

  it('a turn that begins before and ends after fills the whole of it', () => {
    expect(coverage([{ staffId: 'wang', startsAt: '2026-11-22T12:00:00Z', endsAt: '2026-11-24T12:00:00Z' }], ...day)).toEqual({ gaps: [], overlaps: [] })
  })
})
