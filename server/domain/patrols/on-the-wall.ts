import { dayOf } from '#shared/reports/wall-time'

/** Hours and minutes on the station's wall: `20:00`. */
export const clockOf = (instant: string, timeZone: string): string => new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant))

/** A shift as pages show it: the day it begins on, from when to when. */
export const onTheWall = (startsAt: string, endsAt: string, timeZone: string) => ({ day: dayOf(startsAt, timeZone), from: clockOf(startsAt, timeZone), to: clockOf(endsAt, timeZone) })
