import type { StationCalendar } from '#shared/revisits/calendar'
import { readStationCalendar } from '#server/db/communities'
import type { Services } from '../services.ts'

const dayMs = 86_400_000

/** By what the station's promises from now on are counted: the next sixty days. @throws AppError unavailable */
export async function getStationCalendar({ clients }: Services, now: number): Promise<StationCalendar> {
  const dayAt = (instant: number) => new Date(instant).toISOString().slice(0, 10)
  const station = await readStationCalendar(clients, dayAt(now - dayMs), dayAt(now + 60 * dayMs))
  return {
    timeZone: station?.time_zone ?? 'Asia/Shanghai', counting: station?.day_counting ?? 'calendar',
    days: Object.fromEntries(station?.calendar_days.map(({ day, kind }) => [day, kind]) ?? []),
  }
}
