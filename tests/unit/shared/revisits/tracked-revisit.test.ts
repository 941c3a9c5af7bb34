import { describe, expect, it } from 'vitest'
import type { StationCalendar } from '#shared/revisits/calendar'
import { followLadder, isEndedUnresolved, openQuestion, stepOfEvent, trackedRevisitSchema } from '#shared/revisits/tracked-revisit'

const calendar: StationCalendar = { timeZone: 'Asia/Shanghai', counting: 'calendar', days: {} }
const day = (number: number, hour = '12:00') => `2026-11-${String(number).padStart(2, '0')}T${hour}:00+08:00`
type Step = Parameters<typeof followLadder>[0][number]
/** Opened on 2 November: the visit is due at the end of the 5th. */
const aStep = (facts: Partial<Step> = {}): Step => ({
  id: '3f1c1a52-6f0b-4f5e-9c86-0d9d3f9f6b01', round: 1, step: 1, openedAt: day(2), visitedAt: null, method: null, topics: {}, remindedAt: null, noReplyAt: null,
  answer: null, answeredAt: null, answeredBy: null, recordedAnswer: null, comment: null, stoppedAt: null, suggestions: [], ...facts,
})
const visited = { visitedAt: day(4), method: 'phone', topics: { manner: 'good' } } as const

describe('what the reporter sees of a step', () => {
  it('is what the API promises', () => {
    expect(trackedRevisitSchema.safeParse(followLadder([aStep(visited)], day(4), calendar)[0]).error).toBeUndefined()
  })

  it('says whose turn it is and by when', () => {
    expect(followLadder([aStep()], day(3), calendar)).toMatchObject([{ level: 'officer', state: 'to_visit', dueAt: '2026-11-05T16:00:00.000Z', isLate: false, answers: [], answerBy: null, climbsUntil: null }])
  })

  it('counts working days where the station does, over a holiday that is made up for on a Sunday', () => {
    const working: StationCalendar = { timeZone: 'Asia/Shanghai', counting: 'working', days: { '2026-11-04': 'holiday', '2026-11-08': 'workday' } }

    // Monday 2: Tuesday, Thursday, Friday. Friday 6: Sunday, Monday, Tuesday.
    expect(followLadder([aStep()], day(3), working)[0]?.dueAt).toBe('2026-11-06T16:00:00.000Z')
    expect(followLadder([aStep({ openedAt: day(6) })], day(6), working)[0]?.dueAt).toBe('2026-11-10T16:00:00.000Z')
  })

  it('says until when to answer: the reminder, "no reply", ninety days, fourteen for what staff wrote down', () => {
    const until = (facts: Partial<Step>, now: string) => followLadder([aStep({ ...visited, ...facts })], now, calendar)[0]?.answerBy

    expect(until({}, day(4))).toBe('2026-11-07T16:00:00.000Z')
    expect(until({ remindedAt: day(8) }, day(9))).toBe('2026-11-12T16:00:00.000Z')
    expect(until({ remindedAt: day(8), noReplyAt: day(13) }, day(14))).toBe('2027-02-11T04:00:00.000Z')
    expect(until({ answer: 'satisfied', answeredAt: day(4), answeredBy: 'staff' }, day(5))).toBe('2026-11-18T04:00:00.000Z')
    expect(until({ answer: 'satisfied', answeredAt: day(4), answeredBy: 'resident' }, day(5))).toBeNull()
  })

  it('says when the next level would come, were the answer "unsatisfied" now', () => {
    expect(followLadder([aStep(visited)], day(6), calendar)[0]?.climbsUntil).toBe('2026-11-09T16:00:00.000Z')
  })

  it('asks about the last step alone: what staff wrote down on an older one has been acted upon', () => {
    const steps = followLadder([aStep({ ...visited, answer: 'satisfied', answeredAt: day(4), answeredBy: 'staff' }), aStep({ round: 2, openedAt: day(5) })], day(6), calendar)

    expect(steps.map(({ answers }) => answers)).toEqual([[], []])
    expect(openQuestion(steps)).toBeUndefined()
  })
})

describe('what heads the page once it was ended as not resolved', () => {
  const ended = { ...visited, step: 3, answer: 'unresolved', answeredAt: day(5), answeredBy: 'resident' } as const
  const isEnded = (facts: Partial<Step>, report: Parameters<typeof isEndedUnresolved>[1]) => isEndedUnresolved(followLadder([aStep(facts)], day(9), calendar), report)
  const accepted = { kind: 'status', at: day(2) }

  it('is that end, whatever the state of the report says', () => {
    for (const status of ['triaged', 'in_progress', 'resolved'] as const) expect(isEnded(ended, { status, timeline: [accepted, { kind: 'message', at: day(6) }] })).toBe(true)
  })

  it('is the state when the station has moved the report since, or closed it, and while nothing was ended', () => {
    expect(isEnded(ended, { status: 'resolved', timeline: [accepted, { kind: 'status', at: day(8) }] })).toBe(false)
    expect(isEnded(ended, { status: 'closed', timeline: [accepted] })).toBe(false)
    expect(isEnded({ ...ended, answer: 'satisfied' }, { status: 'triaged', timeline: [accepted] })).toBe(false)
    expect(isEndedUnresolved([], { status: 'received', timeline: [] })).toBe(false)
  })
})

describe('the question', () => {
  const asked = (facts: Partial<Step>, now: string) => openQuestion(followLadder([aStep(facts)], now, calendar))?.kind

  it('is none before the visit is due, after an answer, and when nothing is owed', () => {
    expect(openQuestion([])).toBeUndefined()
    expect(asked({}, day(5))).toBeUndefined()
    expect(asked({ ...visited, answer: 'unresolved', answeredAt: day(5), answeredBy: 'resident', step: 3 }, day(6))).toBeUndefined()
    expect(asked({ stoppedAt: day(3) }, day(20))).toBeUndefined()
  })

  it('is about the visit, about silence, about what staff wrote down, or about nobody coming', () => {
    expect(asked(visited, day(5))).toBe('visited')
    expect(asked({ ...visited, remindedAt: day(8), noReplyAt: day(13) }, day(20))).toBe('silent')
    expect(asked({ ...visited, answer: 'satisfied', answeredAt: day(4), answeredBy: 'staff' }, day(5))).toBe('recorded')
    expect(asked({}, day(6))).toBe('late')
  })
})

it('an event of the timeline finds its step by the instant of the transaction', () => {
  const steps = followLadder([aStep({ ...visited, answer: 'unsatisfied', answeredAt: day(5), answeredBy: 'resident' }), aStep({ step: 2, openedAt: day(5) })], day(6), calendar)

  expect(stepOfEvent(steps, { kind: 'revisit_opened', at: day(5) })?.level).toBe('lead')
  expect(stepOfEvent(steps, { kind: 'revisit_answered', at: day(5) })?.level).toBe('officer')
  expect(stepOfEvent(steps, { kind: 'revisit_made', at: day(5) })).toBeUndefined()
  expect(stepOfEvent(steps, { kind: 'constructor', at: day(5) })).toBeUndefined()
})
