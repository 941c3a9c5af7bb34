import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { localeCodes } from '#shared/locales'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const done = z.object({ ok: z.literal(true) })
const own = done.extend({ feed: z.object({ created_at: z.string(), last_read_on: z.string().nullable() }).nullable() })
const read = done.extend({
  feed: z.uuid(), locale: z.enum(localeCodes),
  shifts: z.array(z.object({
    id: z.uuid(), type: localisedSchema, community: localisedSchema, place: localisedSchema.nullable(), starts_at: z.string(), ends_at: z.string(),
    state: z.enum(['confirmed', 'offered', 'waiting', 'left', 'cancelled']), sequence: z.number(), revised_at: z.string(),
  })),
})

/** A volunteer's own calendar: as their page shows it, and its address by the hash of its token; null ends it. */
export const ownFeedQueries = ({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) => ({
  get: () => call(as(accessToken), 'get_calendar_feed', undefined as never, own),
  change: (tokenHash: string | null) => call(server, 'change_calendar_feed', { p: { actor: userId, session: sessionId, token_hash: tokenHash } }, done),
})

/** What a calendar behind a token holds. */
export const readFeed = ({ server }: Clients, tokenHash: string) => call(server, 'read_calendar_feed', { p: { token_hash: tokenHash } }, read)
