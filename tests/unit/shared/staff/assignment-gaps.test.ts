import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignmentGaps } from '#shared/staff/assignment-gaps'

const officer = (fromOn: string, toOn: string | null = null) => ({ kind: 'officer' as const, fromOn, toOn })
const standIn = (fromOn: string, toOn: string | null = null) => ({ kind: 'stand_in' as const, fromOn, toOn })
const today = '2026-11-22'

describe('days on which a community has no officer', () => {
  it('there are none while somebody looks after it until further notice', () => {
    expect(assignmentGaps([officer('2020-01-01')], today)).toEqual([])
  })

  it('nobody planned at all: from today, without an end', () => {
    expect(assignmentGaps([], today)).toEqual([{ fromOn: '2026-11-22', toOn: null, hasStandIn: false }])
  })

  it('between the last day of one and the first of the next, both of them not counted', () => {
    expect(assignmentGaps([officer('2020-01-01', '2026-11-30'), officer('2026-12-04')], today)).toEqual([{ fromOn: '2026-12-01', toOn: '2026-12-03', hasStandIn: false }])
    expect(assignmentGaps([officer('2020-01-01', '2026-11-30'), officer('2026-12-01')], today)).toEqual([])
  })

  it('is said apart where a stand-in is there', () => {
    expect(assignmentGaps([officer('2020-01-01', '2026-11-30'), standIn('2026-12-03', '2026-12-05'), officer('2026-12-10')], today)).toEqual([
      { fromOn: '2026-12-01', toOn: '2026-12-02', hasStandIn: false }, { fromOn: '2026-12-03', toOn: '2026-12-05', hasStandIn: true }, { fromOn: '2026-12-06', toOn: '2026-12-09', hasStandIn: false },
    ])
  })

  it('two stand-ins one after the other are one gap', () => {
    expect(assignmentGaps([standIn('2026-11-01', '2026-11-25'), standIn('2026-11-26', '2026-12-01'), officer('2026-12-02')], today)).toEqual([{ fromOn: '2026-11-22', toOn: '2026-12-01', hasStandIn: true }])
  })

  it('what begins beyond the horizon is no news yet, but its first day ends a gap that began before', () => {
    expect(assignmentGaps([officer('2020-01-01', '2027-06-30')], today)).toEqual([])
    expect(assignmentGaps([officer('2020-01-01', '2026-11-30'), officer('2027-06-01')], today)).toEqual([{ fromOn: '2026-12-01', toOn: '2027-05-31', hasStandIn: false }])
  })

  it('days that are over are not told', () => {
    expect(assignmentGaps([officer('2020-01-01', '2026-01-01'), officer('2026-11-22')], today)).toEqual([])
  })

  it('agrees with looking at each day', () => {
    const dayOf = (index: number) => new Date(Date.parse(today) + index * 86_400_000).toISOString().slice(0, 10)
    const span = fc.record({ kind: fc.constantFrom('officer' as const, 'stand_in' as const), from: fc.integer({ min: -20, max: 60 }), length: fc.option(fc.integer({ min: 0, max: 30 })) })

    fc.assert(fc.property(fc.array(span, { maxLength: 6 }), (spans) => {
      const assignments = spans.map(({ kind, from, length }) => ({ kind, fromOn: dayOf(from), toOn: length === null ? null : dayOf(from + length) }))
      const gaps = assignmentGaps(assignments, today)
      for (let index = 0; index <= 90; index++) {
        const day = dayOf(index)
        const has = (kind: string) => assignments.some(a => a.kind === kind && a.fromOn <= day && (a.toOn === null || a.toOn >= day))
        const gap = gaps.find(({ fromOn, toOn }) => fromOn <= day && (toOn === null || toOn >= day))
        expect(gap !== undefined, day).toBe(!has('officer'))
        if (gap) expect(gap.hasStandIn, day).toBe(has('stand_in'))
      }
    }))
  })
})
