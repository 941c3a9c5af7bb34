import { offsetAt } from '../reports/clock.ts'

/** Between which hours of the station's wall clock a minute counts for more, and for how much: 150 is one and a half. The same hour twice: never. */
export interface NightRule { from: string, to: string, creditPercent: number }

/** PRODUCT §4: 22–06. The factor is a setting of the station. */
export const defaultNight: NightRule = { from: '22:00', to: '06:00', creditPercent: 150 }

/** Time on patrol in whole minutes. `creditMinutes` is what points and honours count; an honest sum of hours shows `minutes`. */
export interface CountedTime { minutes: number, nightMinutes: number, creditMinutes: number }

interface Period { from: string, to: string }

const minuteMs = 60_000
const dayMinutes = 1440

/**
 * What of a shift somebody was there for: from the roll call, but not before the beginning, until the check-out, but not beyond the end; what came on top is a
 * correction that they ask for. Undefined when nothing is left. ISO 8601.
 */
export function attendedPeriod(shift: Period, presence: Period): Period | undefined {
  const from = Math.max(Date.parse(shift.from), Date.parse(presence.from))
  const to = Math.min(Date.parse(shift.to), Date.parse(presence.to))
  return from < to ? { from: new Date(from).toISOString(), to: new Date(to).toISOString() } : undefined
}

/**
 * Counts minute by minute, so that a shift that touches the night earns its credit for the minutes in it and no more. Both ends are cut to the minute; the credit
 * of a period is cut to the minute as a whole. Where clocks change, minutes that passed are counted, and the wall says which of them were night.
 * @param period ISO 8601
 * @throws RangeError when it ends before it begins
 */
export function countTime({ from, to }: Period, timeZone: string, night: NightRule): CountedTime {
  const [begins, ends] = [minuteOf(from), minuteOf(to)]
  if (!(ends >= begins)) throw new RangeError('a period ends before it begins')
  let nightMinutes = 0
  for (let minute = begins; minute < ends; minute++) if (isNight(wallMinute(minute, timeZone), night)) nightMinutes += 1
  const minutes = ends - begins
  return { minutes, nightMinutes, creditMinutes: minutes + Math.floor(nightMinutes * (night.creditPercent - 100) / 100) }
}

/** Several periods of one person as one sum. */
export function sumTime(times: readonly CountedTime[]): CountedTime {
  const sum = (pick: (time: CountedTime) => number) => times.reduce((all, time) => all + pick(time), 0)
  return { minutes: sum(time => time.minutes), nightMinutes: sum(time => time.nightMinutes), creditMinutes: sum(time => time.creditMinutes) }
}

const minuteOf = (instant: string): number => Math.floor(Date.parse(instant) / minuteMs)

function wallMinute(minute: number, timeZone: string): number {
  return (minute + offsetAt(minute * minuteMs, timeZone) / minuteMs) % dayMinutes
}

function isNight(wall: number, { from, to }: NightRule): boolean {
  const [begins, ends] = [ofDay(from), ofDay(to)]
  return begins <= ends ? wall >= begins && wall < ends : wall >= begins || wall < ends
}

function ofDay(hour: string): number {
  const [hours = 0, minutes = 0] = hour.split(':').map(Number)
  return hours * 60 + minutes
}
