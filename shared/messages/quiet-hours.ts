import type { QuietHours } from './mail-settings.ts'

/** Minutes since midnight of `HH:MM`, undefined when it is none. */
export function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  return hours === undefined || minutes === undefined ? undefined : Number(hours) * 60 + Number(minutes)
}

/**
 * When the quiet hours around an instant end; undefined when it is not quiet. Whoever sets 22:00 to 07:00 means the clock on the wall: the
 * night in which it is put forward or back still ends at 07:00.
 */
export function quietUntil(now: Date, timeZone: string, { from, to }: QuietHours): Date | undefined {
  const [begins, ends] = [minutesOf(from), minutesOf(to)]
  if (begins === undefined || ends === undefined || begins === ends) return undefined
  const wall = wallClock(now, timeZone)
  const minute = wall.hour * 60 + wall.minute
  const isQuiet = begins < ends ? minute >= begins && minute < ends : minute >= begins || minute < ends
  if (!isQuiet) return undefined
  const daysOn = minute < ends ? 0 : 1
  return instantOf({ ...wall, day: wall.day + daysOn, hour: Math.floor(ends / 60), minute: ends % 60 }, timeZone, now)
}

interface WallClock { year: number, month: number, day: number, hour: number, minute: number }

const formats = new Map<string, Intl.DateTimeFormat>()

function wallClock(instant: Date, timeZone: string): WallClock {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' })
    formats.set(timeZone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  return { year: parts.year ?? 0, month: parts.month ?? 1, day: parts.day ?? 1, hour: parts.hour ?? 0, minute: parts.minute ?? 0 }
}

const asUtc = ({ year, month, day, hour, minute }: WallClock) => Date.UTC(year, month - 1, day, hour, minute)

/** The first instant after `now` at which the clock on the wall shows this. A time that a change of clocks leaves out counts from the change on. */
function instantOf(wanted: WallClock, timeZone: string, now: Date): Date {
  const target = asUtc(wanted)
  const candidates = [-24, 0, 24].map((hours) => {
    const near = new Date(target + hours * 3_600_000)
    return target - (asUtc(wallClock(near, timeZone)) - Math.floor(near.getTime() / 60_000) * 60_000)
  }).sort((a, b) => a - b)
  const later = candidates.filter(at => at > now.getTime())
  return new Date(later.find(at => asUtc(wallClock(new Date(at), timeZone)) === target) ?? later.at(-1) ?? target)
}
