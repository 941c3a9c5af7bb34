import { endOfDay } from '#shared/reports/clock'

/**
 * Two days, both counting in, as instants: from the first one's 0:00 to the last one's 24:00.
 * @param timeZone IANA name of the station's zone
 */
export function dayRange({ from, to }: { from?: string | undefined, to?: string | undefined }, timeZone: string): { from?: string, to?: string } {
  // Noon UTC lies on that day from UTC-12 to UTC+11, which covers every zone a station of ours can be in.
  const noon = (day: string) => `${day}T12:00:00Z`
  return { ...(from && { from: endOfDay(noon(from), -1, timeZone) }), ...(to && { to: endOfDay(noon(to), 0, timeZone) }) }
}
