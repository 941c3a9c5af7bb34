import { contentLine, durationOf, escapeText, utcTime } from './content-line.ts'

/** Says to a subscriber's device that something comes; many leave alarms of feeds out, so nothing may depend on them. */
export interface CalendarAlarm { minutesBefore: number, text: string }

/** Something with a beginning and an end. Times are ISO 8601. */
export interface CalendarEvent {
  /** The same for good, random, and nobody's name (RFC 7986 §5.3). */
  uid: string
  startsAt: string
  /** Exclusive, later than `startsAt`. */
  endsAt: string
  /** When these facts were last changed: the stream has no METHOD, so this is DTSTAMP as well (RFC 5545 §3.8.7.2). */
  revisedAt: string
  /** From 0, higher with every change of time, place or state. */
  sequence: number
  /** What was called off stays in the feed as `cancelled`: from what is merely gone, some readers never learn. */
  status: 'tentative' | 'confirmed' | 'cancelled'
  summary: string
  description?: string
  location?: string
  url?: string
  categories?: readonly string[]
  alarms?: readonly CalendarAlarm[]
}

/** A calendar that others subscribe to. */
export interface Calendar {
  /** RFC 5545 §3.7.3: `-//Linli//Patrols//ZH`. */
  productId: string
  uid: string
  name: string
  description?: string
  /** The page that shows the same. */
  url: string
  /** The feed's own address. */
  source: string
  /** How often readers may ask again. */
  refreshMinutes: number
  /** A name of CSS3 (RFC 7986 §5.9). */
  color?: string
  events: readonly CalendarEvent[]
}

/**
 * Writes a calendar as a stream; the same facts give the same bytes.
 * Name and interval are said twice: as RFC 7986 has them, and as clients read them before it.
 * @throws RangeError when an event does not end after its beginning
 * @see https://www.rfc-editor.org/rfc/rfc5545, https://www.rfc-editor.org/rfc/rfc7986
 */
export function writeCalendar({ productId, uid, name, description, url, source, refreshMinutes, color, events }: Calendar): string {
  const revisedAt = events.map(event => event.revisedAt).toSorted((one, other) => Date.parse(other) - Date.parse(one))[0]
  const refresh = durationOf(refreshMinutes)
  return block('VCALENDAR', [
    contentLine('VERSION', '2.0'),
    contentLine('PRODID', escapeText(productId)),
    contentLine('CALSCALE', 'GREGORIAN'),
    contentLine('UID', escapeText(uid)),
    contentLine('NAME', escapeText(name)),
    contentLine('X-WR-CALNAME', escapeText(name)),
    text('DESCRIPTION', description),
    contentLine('URL', url),
    contentLine('SOURCE;VALUE=URI', source),
    contentLine('REFRESH-INTERVAL;VALUE=DURATION', refresh),
    contentLine('X-PUBLISHED-TTL', refresh),
    text('COLOR', color),
    revisedAt === undefined ? '' : contentLine('LAST-MODIFIED', utcTime(revisedAt)),
    ...events.map(eventBlock),
  ])
}

function eventBlock({ uid, startsAt, endsAt, revisedAt, sequence, status, summary, description, location, url, categories = [], alarms = [] }: CalendarEvent): string {
  if (utcTime(endsAt) <= utcTime(startsAt)) throw new RangeError(`the event ${uid} does not end after its beginning`)
  const isOff = status === 'cancelled'
  return block('VEVENT', [
    contentLine('UID', escapeText(uid)),
    contentLine('DTSTAMP', utcTime(revisedAt)),
    contentLine('LAST-MODIFIED', utcTime(revisedAt)),
    contentLine('SEQUENCE', String(sequence)),
    contentLine('STATUS', status.toUpperCase()),
    // Only what somebody has promised takes their time.
    contentLine('TRANSP', status === 'confirmed' ? 'OPAQUE' : 'TRANSPARENT'),
    contentLine('DTSTART', utcTime(startsAt)),
    contentLine('DTEND', utcTime(endsAt)),
    text('SUMMARY', summary),
    text('DESCRIPTION', description),
    text('LOCATION', location),
    url === undefined ? '' : contentLine('URL', url),
    categories.length ? contentLine('CATEGORIES', categories.map(escapeText).join(',')) : '',
    ...isOff ? [] : alarms.map(alarmBlock),
  ])
}

function alarmBlock({ minutesBefore, text: words }: CalendarAlarm): string {
  return block('VALARM', [contentLine('ACTION', 'DISPLAY'), contentLine('TRIGGER', durationOf(-minutesBefore)), contentLine('DESCRIPTION', escapeText(words))])
}

const text = (name: string, value: string | undefined): string => value === undefined ? '' : contentLine(name, escapeText(value))

const block = (name: string, lines: readonly string[]): string => `${contentLine('BEGIN', name)}${lines.join('')}${contentLine('END', name)}`
