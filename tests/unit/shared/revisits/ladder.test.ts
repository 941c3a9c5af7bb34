import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StationCalendar } from '#shared/revisits/calendar'
import { dueActs, isLate, isOverdue, levelOf, mayVisit, onTimeRate, openAnswers, stateOf, visitDue, type RevisitFacts } from '#shared/revisits/ladder'

const calendar: StationCalendar = { timeZone: 'Asia/Shanghai', counting: 'calendar', days: {} }
const nothing = { visitedAt: null, remindedAt: null, noReplyAt: null, answer: null, answeredAt: null, answeredBy: null, stoppedAt: null, informedAt: null }
const day = (number: number, hour = '12:00') => `2026-11-${String(number).padStart(2, '0')}T${hour}:00+08:00`
/** Opened on 2 November: the visit is due at the end of the 5th. */
const aStep = (facts: Partial<RevisitFacts & { informedAt: string }> = {}) => ({ step: 1, openedAt: day(2), ...nothing, ...facts })

describe('a step of the ladder', () => {
  it('belongs to the officer, then the lead, then the chief for good', () => {
    expect([1, 2, 3, 4, 9].map(levelOf)).toEqual(['officer', 'lead', 'chief', 'chief', 'chief'])
  })

  it('is never visited by somebody below it, nor by an auditor or an admin', () => {
    expect(['officer', 'lead', 'chief', 'auditor', 'admin', 'resident'].map(role => [1, 2, 3].filter(step => mayVisit(role, step)))).toEqual([[1], [1, 2], [1, 2, 3], [], [], []])
  })

  it('is due at the end of the third day and overdue a moment later', () => {
    const due = visitDue(aStep(), calendar)

    expect(due).toBe('2026-11-05T16:00:00.000Z')
    expect(isOverdue(aStep(), due, calendar)).toBe(false)
    expect(isOverdue(aStep(), new Date(Date.parse(due) + 1).toISOString(), calendar)).toBe(true)
  })

  it('stays late once it was late, whatever comes after', () => {
    expect(isLate(aStep({ visitedAt: day(6) }), day(20), calendar)).toBe(true)
    expect(isLate(aStep({ answer: 'unsatisfied', answeredAt: day(6), answeredBy: 'resident' }), day(20), calendar)).toBe(true)
    expect(isLate(aStep({ stoppedAt: day(6) }), day(20), calendar)).toBe(true)
    expect(isLate(aStep({ stoppedAt: day(4) }), day(20), calendar)).toBe(false)
  })
})

describe('the reporter', () => {
  const asked = aStep({ visitedAt: day(4) })

  it('answers after the visit, and before it only that nobody came in time', () => {
    expect(openAnswers(aStep(), day(4), calendar)).toEqual([])
    expect(openAnswers(aStep(), day(7), calendar)).toEqual(['unsatisfied'])
    expect(openAnswers(asked, day(4), calendar)).toEqual(['satisfied', 'unsatisfied'])
  })

  it('may end it as unresolved at the chief only', () => {
    expect(openAnswers({ ...asked, step: 2 }, day(4), calendar)).not.toContain('unresolved')
    expect(openAnswers({ ...asked, step: 3 }, day(4), calendar)).toContain('unresolved')
    expect(openAnswers(aStep({ step: 3 }), day(7), calendar)).toEqual(['unsatisfied', 'unresolved'])
  })

  it('answers "no reply" for ninety days, and overturns for fourteen what staff wrote down', () => {
    const silent = aStep({ visitedAt: day(4), remindedAt: day(8), noReplyAt: day(13) })
    const provisional = aStep({ visitedAt: day(4), answer: 'satisfied', answeredAt: day(4), answeredBy: 'staff' })

    expect(openAnswers(silent, '2027-02-11T11:59:00+08:00', calendar)).toEqual(['satisfied', 'unsatisfied'])
    expect(openAnswers(silent, '2027-02-11T12:00:00+08:00', calendar)).toEqual([])
    expect(openAnswers(provisional, day(18, '11:59'), calendar)).toEqual(['satisfied', 'unsatisfied'])
    expect(openAnswers(provisional, day(18), calendar)).toEqual([])
    expect(openAnswers({ ...provisional, answeredBy: 'resident' }, day(5), calendar)).toEqual([])
  })
})

describe('the job', () => {
  it('tells the next level once when a visit is overdue', () => {
    expect(dueActs(aStep(), day(5), calendar)).toEqual([])
    expect(dueActs(aStep(), day(6, '00:01'), calendar)).toEqual(['inform'])
    expect(dueActs(aStep({ informedAt: day(6, '00:01') }), day(7), calendar)).toEqual([])
  })

  it('reminds after three days of silence, and calls it no reply after four more', () => {
    const asked = aStep({ visitedAt: day(4) })

    expect(dueActs(asked, day(7), calendar)).toEqual([])
    expect(dueActs(asked, day(8, '00:00'), calendar)).toEqual(['remind'])
    expect(dueActs({ ...asked, remindedAt: day(8) }, day(12), calendar)).toEqual([])
    expect(dueActs({ ...asked, remindedAt: day(8) }, day(13, '00:00'), calendar)).toEqual(['no_reply'])
  })
})

describe('the on-time rate', () => {
  it('counts visits that are owed and late, and none that is not due', () => {
    const steps = [
      aStep({ visitedAt: day(5) }), // in time
      aStep({ visitedAt: day(7) }), // late
      aStep(), // owed and late on the 10th
      aStep({ openedAt: day(9) }), // not due
      aStep({ answer: 'unsatisfied', answeredAt: day(8), answeredBy: 'resident' }), // nobody came
      aStep({ stoppedAt: day(3) }), // taken back in time
      aStep({ visitedAt: day(2, '12:01') }), // in time
    ]

    expect(onTimeRate(steps, day(10), calendar)).toEqual({ inTime: 2, counted: 5, rate: 0.4 })
    expect(onTimeRate([aStep()], day(3), calendar)).toEqual({ inTime: 0, counted: 0, rate: undefined })
  })

  it('never gets better by waiting, nor by anything but a visit in time', () => {
    const instant = fc.integer({ min: 0, max: 30 * 24 }).map(hours => new Date(Date.parse(day(1)) + hours * 3_600_000).toISOString())
    const step = fc.record({ openedAt: instant, visitedAt: fc.option(instant), stoppedAt: fc.option(instant) }).map(({ openedAt, visitedAt, stoppedAt }) => aStep({
      openedAt, visitedAt: visitedAt && visitedAt >= openedAt ? visitedAt : null, stoppedAt: stoppedAt && stoppedAt >= (visitedAt ?? openedAt) ? stoppedAt : null,
    }))
    fc.assert(fc.property(fc.array(step, { maxLength: 12 }), instant, fc.integer({ min: 0, max: 20 * 24 }), (steps, now, hours) => {
      const later = new Date(Date.parse(now) + hours * 3_600_000).toISOString()
      const known = steps.filter(({ openedAt, visitedAt, stoppedAt }) => [openedAt, visitedAt ?? openedAt, stoppedAt ?? openedAt].every(at => at <= now))
      const before = onTimeRate(known, now, calendar)
      const after = onTimeRate(known, later, calendar)
      expect(after.inTime).toBe(before.inTime)
      expect(after.counted).toBeGreaterThanOrEqual(before.counted)
      const stopped = known.map(facts => facts.visitedAt || facts.stoppedAt ? facts : { ...facts, stoppedAt: later })
      expect(onTimeRate(stopped, later, calendar)).toEqual(after)
    }))
  })
})

it('every set of facts has one state', () => {
  expect([aStep(), aStep({ visitedAt: day(3) }), aStep({ visitedAt: day(3), noReplyAt: day(12) }), aStep({ answer: 'satisfied', answeredAt: day(3), answeredBy: 'staff' }), aStep({ stoppedAt: day(3) })].map(stateOf))
    .toEqual(['to_visit', 'to_answer', 'no_reply', 'satisfied', 'stopped'])
})
