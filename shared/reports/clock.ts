import type { Status } from './status.ts'

/**
 * What happens next and by when (RULES D1): a first look within 15 minutes (urgent) or 24 hours, an answer within three days.
 * A clock is a pure function of what happened; overdue is never stored.
 */
export interface Clock {
  kind: 'first_look' | 'answer'
  /** Instant, ISO 8601. */
  dueAt: string
  doneAt: string | null
  state: 'running' | 'overdue' | 'done' | 'stopped'
}

export interface ClockFacts {
  status: Status
  closedReason?: string | null
  urgency: 'normal' | 'urgent'
  receivedAt: string
  firstViewedAt?: string | null
  acceptedAt?: string | null
  closedAt?: string | null
}

export const firstLookMinutes = { urgent: 15, normal: 24 * 60 } as const
export const answerDays = 3

/**
 * The clocks of a report at an instant.
 * @param now instant of `private.clock()`, ISO 8601
 * @param timeZone IANA name of the station's zone: days end at its midnight
 */
export function reportClocks(facts: ClockFacts, now: string, timeZone: string): Clock[] {
  const answeredAt = facts.acceptedAt ?? facts.closedAt ?? null
  const isWithdrawn = facts.closedReason === 'withdrawn'
  const lookDue = new Date(Date.parse(facts.receivedAt) + firstLookMinutes[facts.urgency] * 60_000).toISOString()
  return [
    clock('first_look', lookDue, facts.firstViewedAt ?? answeredAt),
    clock('answer', endOfDay(facts.receivedAt, answerDays, timeZone), answeredAt),
  ]

  function clock(kind: Clock['kind'], dueAt: string, doneAt: string | null): Clock {
    const isDone = doneAt !== null && !(isWithdrawn && doneAt === facts.closedAt)
    const state = isDone ? 'done' : isWithdrawn ? 'stopped' : Date.parse(now) >= Date.parse(dueAt) ? 'overdue' : 'running'
    return { kind, dueAt, doneAt: isDone ? doneAt : null, state }
  }
}

/**
 * 24:00 of the n-th day after the day of an instant, in a time zone ("within 3 days" ends at 24:00 of the third day, RULES D1).
 * Correct across daylight-saving changes.
 */
export function endOfDay(instant: string, days: number, timeZone: string): string {
  const at = Date.parse(instant)
  const local = new Date(at + offsetAt(at, timeZone))
  const wall = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + days + 1)
  // The offset at the guess may differ from the one at the answer when a change lies between: look twice.
  let guess = wall - offsetAt(wall, timeZone)
  guess = wall - offsetAt(guess, timeZone)
  return new Date(guess).toISOString()
}

const formats = new Map<string, Intl.DateTimeFormat>()

function parts(instant: number, timeZone: string) {
  let format = formats.get(timeZone)
  if (!format) formats.set(timeZone, format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }))
  return Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)])) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>
}

/** `Intl` needs 15 µs for a question that is asked again and again for the same days; zones change at whole quarters of an hour. */
const offsets = new Map<string, number>()
const quarter = 15 * 60_000

/** Milliseconds by which local time is ahead of UTC at an instant. */
export function offsetAt(instant: number, timeZone: string) {
  const start = Math.floor(instant / quarter) * quarter
  const name = `${start} ${timeZone}`
  let offset = offsets.get(name)
  if (offset === undefined) {
    const { year, month, day, hour, minute, second } = parts(start, timeZone)
    offset = Date.UTC(year, month - 1, day, hour, minute, second) - start
    if (offsets.size >= 1000) offsets.clear()
    offsets.set(name, offset)
  }
  return offset
}
