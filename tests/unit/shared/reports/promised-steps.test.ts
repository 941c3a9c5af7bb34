import { describe, expect, it } from 'vitest'
import { reportClocks, type ClockFacts } from '#shared/reports/clock'
import { promisedSteps } from '#shared/reports/promised-steps'
import type { StationCalendar } from '#shared/revisits/calendar'

const everyDay: StationCalendar = { timeZone: 'Asia/Shanghai', counting: 'calendar', days: {} }
/** Monday 2 November 2026, noon on the station's wall. */
const received = '2026-11-02T04:00:00.000Z'
const facts: ClockFacts = { status: 'received', urgency: 'normal', receivedAt: received }
const stepsOf = (over: Partial<ClockFacts>, now: string, calendar = everyDay) => promisedSteps(reportClocks({ ...facts, ...over }, now, calendar.timeZone), calendar)

describe('what a reporter is promised (RULES D1)', () => {
  it('is a first look, an answer, and somebody who comes back if the report is taken on', () => {
    expect(stepsOf({}, received)).toEqual([
      { kind: 'first_look', dueAt: '2026-11-03T04:00:00.000Z' }, { kind: 'answer', dueAt: '2026-11-05T16:00:00.000Z' }, { kind: 'revisit', dueAt: '2026-11-08T16:00:00.000Z' },
    ])
  })

  it('is the same a day later, also after the first look', () => {
    expect(stepsOf({ firstViewedAt: '2026-11-02T06:00:00.000Z' }, '2026-11-03T06:00:00.000Z')).toEqual(stepsOf({}, received))
  })

  it('counts the visit in working days where the station does', () => {
    // The answer ends with Thursday the 5th: Friday, Monday, Tuesday.
    expect(stepsOf({}, received, { ...everyDay, counting: 'working' }).at(-1)).toEqual({ kind: 'revisit', dueAt: '2026-11-10T16:00:00.000Z' })
  })

  it('names no day for a visit once there is an answer, or none in time', () => {
    expect(stepsOf({ status: 'triaged', acceptedAt: '2026-11-03T04:00:00.000Z' }, '2026-11-03T05:00:00.000Z').map(({ kind }) => kind)).toEqual(['first_look', 'answer'])
    expect(stepsOf({}, '2026-11-06T00:00:00.000Z').map(({ kind }) => kind)).toEqual(['first_look', 'answer'])
    expect(stepsOf({ status: 'closed', closedReason: 'withdrawn', closedAt: received }, received).map(({ kind }) => kind)).toEqual(['first_look', 'answer'])
  })
})
