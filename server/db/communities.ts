import { z } from 'zod'
import { AppError } from '#shared/errors'
import { referenceDataSchema } from '#shared/communities/reference-data'
import { dayKinds } from '#shared/revisits/calendar'
import { dayCountings } from '#shared/revisits/calendar-schema'
import { call, type Clients } from './clients.ts'

/** Station, communities and categories, in one call. */
export function readReferenceData({ server }: Clients) {
  return call(server, 'get_filed_reference_data', undefined as never, referenceDataSchema)
}

/** The newest migration that the database has. @throws AppError unavailable */
export function readSchemaVersion({ server }: Clients) {
  return call(server, 'get_schema_version', undefined as never, z.string().nullable())
}

const stationCalendar = z.object({ time_zone: z.string(), day_counting: z.enum(dayCountings), calendar_days: z.array(z.object({ day: z.iso.date(), kind: z.enum(dayKinds) })) })

/** How the station of this installation counts days, with the named days between two. @throws AppError unavailable */
export async function readStationCalendar({ server }: Clients, from: string, to: string) {
  const { data, error } = await server.from('stations').select('time_zone, day_counting, calendar_days(day, kind)').eq('is_default', true)
    .gte('calendar_days.day', from).lte('calendar_days.day', to).maybeSingle()
  if (error) throw new AppError('unavailable', {}, { cause: error })
  return data === null ? undefined : stationCalendar.parse(data)
}
