import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { patrolsCalendar, type FeedShift, type FeedWords } from '#server/standards/icalendar/patrols-calendar'
import { writeCalendar } from '#server/standards/icalendar/write-calendar'

const words: FeedWords = {
  name: 'My patrols', summary: (type, community) => `${type}, ${community}`, alarms: [{ minutesBefore: 1440, text: 'Tomorrow' }, { minutesBefore: 120, text: 'In two hours' }],
  description: { confirmed: 'You have a place.', offered: 'A place is offered to you.', waiting: 'You are on the waiting list.', left: 'You left this shift.', cancelled: 'This shift was cancelled.' },
}
const options = { feedId: 'd1d2a1f0-1111-4222-8333-444455556666', source: 'https://linli.example/feeds/patrols/abc.ics', publicUrl: 'https://linli.example', locale: 'en', words } as const
const aShift = (changes: Partial<FeedShift> = {}): FeedShift => ({
  id: '8f14e45f-ceea-467f-a8f1-2c3d4e5f6a7b', type: { zh: '夜间巡逻', en: 'Night patrol' }, community: { zh: '平安社区', en: 'Ping\'an' }, place: { zh: '服务站', en: 'Service point' },
  startsAt: '2026-12-04T11:30:00Z', endsAt: '2026-12-04T13:30:00Z', state: 'confirmed', sequence: 0, revisedAt: '2026-11-26T02:00:00Z', ...changes,
})
const feed = (shifts: readonly FeedShift[]) => new ICAL.Component(ICAL.parse(writeCalendar(patrolsCalendar(shifts, options)))).getAllSubcomponents('vevent')
const facts = (shift: FeedShift) => {
  const [event] = feed([shift])
  return [event?.getFirstPropertyValue('status'), event?.getFirstPropertyValue('sequence'), event?.getFirstPropertyValue('description'), event?.getAllSubcomponents('valarm').length]
}

describe('the calendar of a volunteer', () => {
  it('says of a shift what, where and when, and reminds a day and two hours before', () => {
    const [event] = feed([aShift()])

    expect(['uid', 'summary', 'location', 'description', 'url'].map(name => event?.getFirstPropertyValue(name)))
      .toEqual(['8f14e45f-ceea-467f-a8f1-2c3d4e5f6a7b', 'Night patrol, Ping\'an', 'Service point', 'You have a place.', 'https://linli.example/en/patrols/me'])
    expect(event?.getAllSubcomponents('valarm').map(alarm => String(alarm.getFirstPropertyValue('trigger')))).toEqual(['-P1D', '-PT2H'])
  })

  it.each([
    ['confirmed', 'CONFIRMED', 2], ['offered', 'TENTATIVE', 0], ['waiting', 'TENTATIVE', 0], ['left', 'CANCELLED', 0], ['cancelled', 'CANCELLED', 0],
  ] as const)('%s is %s with %d alarms', (state, status, alarms) => {
    expect(facts(aShift({ state, sequence: 2 }))).toEqual([status, 2, words.description[state], alarms])
  })

  it('whoever leaves and comes back has the same event, each time as a newer one', () => {
    const steps = [aShift(), aShift({ state: 'left', sequence: 1 }), aShift({ state: 'confirmed', sequence: 2 })].map(facts)

    expect(steps.map(([status, sequence]) => [status, sequence])).toEqual([['CONFIRMED', 0], ['CANCELLED', 1], ['CONFIRMED', 2]])
  })

  it('a shift without a place to meet names none', () => {
    expect(feed([aShift({ place: null })])[0]?.hasProperty('location')).toBe(false)
  })

  it('stands in the order of time, whatever order the database gave, so that the same facts are the same bytes', () => {
    const [early, late] = [aShift({ id: 'b', startsAt: '2026-12-01T11:30:00Z', endsAt: '2026-12-01T13:30:00Z' }), aShift({ id: 'a' })]
    const stream = (shifts: FeedShift[]) => writeCalendar(patrolsCalendar(shifts, options))

    expect(stream([late, early])).toBe(stream([early, late]))
    expect(feed([late, early]).map(event => event.getFirstPropertyValue('uid'))).toEqual(['b', 'a'])
  })
})
