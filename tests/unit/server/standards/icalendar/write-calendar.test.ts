import fc from 'fast-check'
import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { contentLine, durationOf, escapeText } from '#server/standards/icalendar/content-line'
import { writeCalendar, type Calendar, type CalendarEvent } from '#server/standards/icalendar/write-calendar'

const anEvent = (changes: Partial<CalendarEvent> = {}): CalendarEvent => ({
  uid: '8f14e45f-ceea-467f-a8f1-2c3d4e5f6a7b', startsAt: '2026-12-04T11:30:00.000Z', endsAt: '2026-12-04T13:30:00.000Z', revisedAt: '2026-11-26T02:03:04.567Z',
  sequence: 0, status: 'confirmed', summary: '平安社区 · 夜间巡逻', ...changes,
})
const aCalendar = (events: readonly CalendarEvent[], changes: Partial<Calendar> = {}): Calendar => ({
  productId: '-//Linli//Patrols//ZH', uid: '0c9f2f7e-6f0a-4c39-9d52-6b7f6b1f8a10', name: '我的巡逻班次', url: 'https://linli.example/zh/patrols/me',
  source: 'https://linli.example/feeds/patrols/token.ics', refreshMinutes: 60, events, ...changes,
})
/** As a client reads it: strictly. */
const read = (stream: string) => new ICAL.Component(ICAL.parse(stream))
const eventsOf = (stream: string) => read(stream).getAllSubcomponents('vevent').map(component => new ICAL.Event(component))
const linesOf = (stream: string) => stream.split('\r\n')

describe('a calendar that others subscribe to (RFC 5545, RFC 7986)', () => {
  it('is exactly these lines', () => {
    const stream = writeCalendar(aCalendar([anEvent({
      description: '自带手电；不要单独行动。\n第二行', location: '社区服务站, 1 号门', url: 'https://linli.example/zh/patrols/me?a=1;b', categories: ['巡逻', 'a,b'], alarms: [{ minutesBefore: 120, text: '两小时后开始' }],
    })], { description: '邻里', color: 'darkgreen' }))

    expect(linesOf(stream)).toEqual([
      'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Linli//Patrols//ZH', 'CALSCALE:GREGORIAN', 'UID:0c9f2f7e-6f0a-4c39-9d52-6b7f6b1f8a10', 'NAME:我的巡逻班次', 'X-WR-CALNAME:我的巡逻班次', 'DESCRIPTION:邻里',
      'URL:https://linli.example/zh/patrols/me', 'SOURCE;VALUE=URI:https://linli.example/feeds/patrols/token.ics', 'REFRESH-INTERVAL;VALUE=DURATION:PT1H', 'X-PUBLISHED-TTL:PT1H', 'COLOR:darkgreen', 'LAST-MODIFIED:20261126T020304Z',
      'BEGIN:VEVENT', 'UID:8f14e45f-ceea-467f-a8f1-2c3d4e5f6a7b', 'DTSTAMP:20261126T020304Z', 'LAST-MODIFIED:20261126T020304Z', 'SEQUENCE:0', 'STATUS:CONFIRMED', 'TRANSP:OPAQUE', 'DTSTART:20261204T113000Z', 'DTEND:20261204T133000Z',
      'SUMMARY:平安社区 · 夜间巡逻', 'DESCRIPTION:自带手电；不要单独行动。\\n第二行', 'LOCATION:社区服务站\\, 1 号门', 'URL:https://linli.example/zh/patrols/me?a=1;b', 'CATEGORIES:巡逻,a\\,b',
      'BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT2H', 'DESCRIPTION:两小时后开始', 'END:VALARM', 'END:VEVENT', 'END:VCALENDAR', '',
    ])
  })

  it('a client reads back what was written: times, state, number of the revision', () => {
    const [event] = eventsOf(writeCalendar(aCalendar([anEvent({ sequence: 3, categories: ['a,b', 'c'], alarms: [{ minutesBefore: 1440, text: '明天' }] })])))

    expect(event?.startDate.toJSDate().toISOString()).toBe('2026-12-04T11:30:00.000Z')
    expect(event?.endDate.toJSDate().toISOString()).toBe('2026-12-04T13:30:00.000Z')
    expect([event?.uid, event?.sequence, event?.component.getFirstPropertyValue('status')]).toEqual(['8f14e45f-ceea-467f-a8f1-2c3d4e5f6a7b', 3, 'CONFIRMED'])
    expect(event?.component.getFirstProperty('categories')?.getValues()).toEqual(['a,b', 'c'])
    expect(String(event?.component.getFirstSubcomponent('valarm')?.getFirstPropertyValue('trigger'))).toBe('-P1D')
  })

  it('says how often to ask again, in a form of its own and in the older one', () => {
    const calendar = read(writeCalendar(aCalendar([], { refreshMinutes: 90 })))

    expect(String(calendar.getFirstPropertyValue('refresh-interval'))).toBe('PT1H30M')
    expect(calendar.getFirstPropertyValue('x-published-ttl')).toBe('PT1H30M')
    expect(calendar.getFirstPropertyValue('source')).toBe('https://linli.example/feeds/patrols/token.ics')
  })

  it('without shifts it is a calendar all the same, and names no time of a change', () => {
    const calendar = read(writeCalendar(aCalendar([])))

    expect(calendar.getAllSubcomponents('vevent')).toEqual([])
    expect(calendar.getFirstPropertyValue('last-modified')).toBeNull()
  })

  it('its own time is that of the newest change', () => {
    const stream = writeCalendar(aCalendar([anEvent({ revisedAt: '2026-11-20T00:00:00Z' }), anEvent({ uid: 'b', revisedAt: '2026-11-26T08:00:00+08:00' }), anEvent({ uid: 'c', revisedAt: '2026-11-25T23:00:00Z' })]))

    expect(String(read(stream).getFirstPropertyValue('last-modified'))).toBe('2026-11-26T00:00:00Z')
  })

  it('what was called off stays, takes no time and rings no alarm', () => {
    const [event] = eventsOf(writeCalendar(aCalendar([anEvent({ status: 'cancelled', sequence: 4, alarms: [{ minutesBefore: 120, text: '两小时后开始' }] })])))

    expect(['status', 'transp', 'sequence'].map(name => event?.component.getFirstPropertyValue(name))).toEqual(['CANCELLED', 'TRANSPARENT', 4])
    expect(event?.component.getFirstSubcomponent('valarm')).toBeNull()
  })

  it('a place on the waiting list is tentative and leaves the hour free', () => {
    const [event] = eventsOf(writeCalendar(aCalendar([anEvent({ status: 'tentative' })])))

    expect([event?.component.getFirstPropertyValue('status'), event?.component.getFirstPropertyValue('transp')]).toEqual(['TENTATIVE', 'TRANSPARENT'])
  })

  it('refuses an event without length', () => {
    expect(() => writeCalendar(aCalendar([anEvent({ endsAt: '2026-12-04T11:30:00.400Z' })]))).toThrow(RangeError)
  })

  it('reads back whatever a station types, in lines of at most 75 octets and never a broken character', () => {
    const typed = fc.string({ unit: fc.oneof(fc.constantFrom('巡', '𬭎', '👮🏽', '\\', ';', ',', ':', '\n', '\r\n', '"', '\t', 'n', ' '), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), minLength: 1, maxLength: 90 })
    fc.assert(fc.property(typed, typed, (summary, description) => {
      const stream = writeCalendar(aCalendar([anEvent({ summary, description })]))
      const [event] = eventsOf(stream)
      const expected = (text: string) => text.replace(/\r\n?/g, '\n').replace(/\p{Cc}/gu, character => '\t\n'.includes(character) ? character : '')

      expect(event?.summary).toBe(expected(summary))
      expect(event?.description).toBe(expected(description))
      expect(linesOf(stream).filter(line => Buffer.byteLength(line) > 75)).toEqual([])
      expect(stream.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      expect(stream.isWellFormed()).toBe(true)
    }), { numRuns: 300 })
  })
})

describe('a line of a stream', () => {
  it('is folded after 75 octets with a blank in front of the rest', () => {
    // 8 octets of name, then 22 characters of three octets each: 74. The next would be 77.
    expect(contentLine('SUMMARY', '巡'.repeat(30))).toBe(`SUMMARY:${'巡'.repeat(22)}\r\n ${'巡'.repeat(8)}\r\n`)
    expect(contentLine('SUMMARY', 'a'.repeat(67))).toBe(`SUMMARY:${'a'.repeat(67)}\r\n`)
    expect(contentLine('SUMMARY', 'a'.repeat(68))).toBe(`SUMMARY:${'a'.repeat(67)}\r\n a\r\n`)
  })

  it('cannot be ended by what somebody typed, not even by half a character or a line break of another kind', () => {
    expect(contentLine('SUMMARY', escapeText('a\r\nBEGIN:VEVENT\u0085\u0000b\ud83d'))).toBe('SUMMARY:a\\nBEGIN:VEVENTb\ufffd\r\n')
  })

  it.each([[0, 'PT0M'], [5, 'PT5M'], [60, 'PT1H'], [90, 'PT1H30M'], [1440, 'P1D'], [1501, 'P1DT1H1M'], [-120, '-PT2H']])('%d minutes are %s', (minutes, duration) => {
    expect(durationOf(minutes)).toBe(duration)
  })
})
