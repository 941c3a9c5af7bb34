import { z } from 'zod'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })
const ballotKey = z.object({ id: z.uuid(), occasion: z.enum(['rating', 'survey']), occasion_id: z.uuid(), community: z.uuid(), spki: z.string(), is_open: z.boolean(), sisters: z.array(z.uuid()) })

const keptKeys = done.extend({ keys: z.array(z.object({ id: z.uuid(), occasion: z.enum(['rating', 'survey']), starts_on: z.iso.date(), community: z.string() })) })

/** By a session, or by the hash of a pass. */
export type Drawing = { actor: string, session: string } | { pass: string }
/** Who draws, as the database knows them: `person` is a keyed hash, another one for each other key of the round or survey; the blinded message is known by its hash. */
export type Draw = Drawing & { key: string, person: string, blinded_hash: string, elsewhere: { key: string, person: string }[] }
/** A key pair that was made for an occasion. */
export interface NewBallotKey { occasion: 'rating' | 'survey', occasion_id: string, community: string, officer?: string, spki: string, private_sealed: string, opens_at: string, closes_at: string }

/** Keys and draws of ballots, for the server alone. */
export function ballotQueries({ server }: Clients) {
  return {
    key: async (key: string) => (await call(server, 'read_ballot_key', { p: { key } }, done.extend({ key: ballotKey }))).key,
    keepKey: (key: NewBallotKey) => call(server, 'keep_ballot_key', { p: { ...key } }, done.extend({ id: z.uuid(), is_new: z.boolean() })),
    begin: (draw: Draw) => call(server, 'begin_draw', { p: { ...draw } }, done.extend({ blind_signature: z.string().optional(), private_sealed: z.string().optional() })),
    standing: (draw: Drawing & { key: string, person: string }) => call(server, 'read_ballot_standing', { p: { ...draw } }, done.extend({ gap: z.string().nullable(), is_drawn: z.boolean() })),
    keep: (draw: Draw & { blind_signature: string }) => call(server, 'keep_draw', { p: { ...draw } }, done.extend({ blind_signature: z.string() })),
    makePass: (p: { chat: string, pass: string }) => call(server, 'make_ballot_pass', { p }, done.extend({ is_made: z.boolean(), community: z.string().nullable(), surveys: z.array(z.uuid()) })),
    pass: async (pass: string) => (await call(server, 'read_ballot_pass', { p: { pass } }, done.extend({ user: z.uuid().nullable() }))).user,
    keys: () => call(server, 'list_ballot_keys', undefined as never, keptKeys),
    foresee: () => call(server, 'foresee_ballots', undefined as never, done.extend({ ended: z.number(), forgotten: z.number() })),
    shuffle: () => call(server, 'shuffle_ballots', undefined as never, done.extend({ shuffled: z.number(), ended: z.number(), forgotten: z.number() })),
  }
}
