import { z } from 'zod'
import { localisedSchema, type Localised } from '#shared/communities/reference-data'
import { call, type Clients } from './clients.ts'

const station = z.object({ id: z.uuid(), slug: z.string(), name: localisedSchema, time_zone: z.string(), phone: z.string().nullable() })
const stands = z.object({
  ok: z.literal(true), is_demo: z.boolean(), station: station.nullable(), chiefs: z.number(), admins: z.number(), auditors: z.number(),
  invited: z.array(z.object({ role: z.string(), badge_number: z.string(), expires_at: z.string() })),
})
const made = z.object({ ok: z.literal(true), is_new: z.boolean(), differs: z.array(z.enum(['slug', 'name', 'time_zone', 'phone'])), station })

/** What a station is set up with; `timeZone` is an IANA name. */
export interface StationWish { slug: string, name: Localised, timeZone: string, phone?: string }

/** Calls of `npm run setup`, with the secret key. */
export function setUpQueries({ server }: Clients) {
  return {
    read: () => call(server, 'get_set_up', {}, stands),
    save: ({ timeZone, isChange, ...wish }: StationWish & { isChange: boolean }) => call(server, 'set_up_station', { p: { ...wish, time_zone: timeZone, is_change: isChange } }, made),
  }
}
