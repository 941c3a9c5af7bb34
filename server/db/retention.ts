import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { retentionEnds, type RetentionChange } from '#shared/trust/retention'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })
const counts = z.record(z.string(), z.number())

const foreseen = z.object({
  reports: counts, detached: z.number(), files: z.number(), held: counts, bans: z.number(), verification_batches: z.number(), confirmation_codes: z.number(), seal_checks: z.number(),
  mails_settled: z.number(), mails_dead: z.number(), drafts: z.number(), view_sessions: z.number(), idempotency_keys: z.number(), challenges: z.number(), rate_windows: z.number(), accounts: z.number(),
})
export type Foreseen = z.infer<typeof foreseen>

const rule = z.object({
  kind: z.string(), job: z.string().nullable(), ends: z.enum(retentionEnds), keep_seconds: z.number().nullable(), least_days: z.number().nullable(), most_days: z.number().nullable(),
  name: localisedSchema, happens: localisedSchema, ground: localisedSchema,
})
export type RuleRow = z.infer<typeof rule>

/** What the next runs would take, changing nothing. */
export const foreseeRetention = async ({ server }: Clients): Promise<Foreseen> =>
  (await call(server, 'foresee_retention', undefined as never, done.extend({ foreseen }))).foreseen

/** What is kept how long, in the order of the page. */
export const listRetentionRules = async ({ server }: Clients): Promise<RuleRow[]> =>
  (await call(server, 'list_retention_rules', undefined as never, done.extend({ rules: z.array(rule) }))).rules

/** One page of what is over goes; its files are the caller's to delete. */
export const removeOver = ({ server }: Clients, limit: number) => call(server, 'remove_over', { p: { limit } }, done.extend({
  reports: z.number(), by_category: counts, blobs: z.array(z.string()), bans: z.number(), verification_batches: z.number(), confirmation_codes: z.number(), seal_checks: z.number(), has_more: z.boolean(),
}))

const readRetentionAnswer = done.extend({
  may_change: z.boolean(), rules: z.array(rule), categories: z.array(z.object({ code: z.string(), name: localisedSchema, days: z.number() })), next: foreseen,
  jobs: z.array(z.object({ name: z.string(), started_at: z.string(), finished_at: z.string().nullable(), did: counts, failed_with: z.string().nullable() })),
  runs: z.array(z.object({ at: z.string(), did: counts })),
  holds: z.array(z.object({ reference: z.string(), reason: z.string(), placed_at: z.string(), placed_by: localisedSchema.nullable() })),
})
const changeRetentionAnswer = done.extend({ days: z.number() })

/** The desk's page, under the reader's own token. */
export function deskRetentionQueries({ as }: Clients, { accessToken }: { accessToken: string }) {
  const own = as(accessToken)
  return {
    read: () => call(own, 'read_retention', undefined as never, readRetentionAnswer),
    change: (change: RetentionChange) => call(own, 'change_retention', { p: change }, changeRetentionAnswer),
    hold: (reference: string, reason: string) => call(own, 'hold_report', { p: { reference, reason } }, done),
    lift: (reference: string) => call(own, 'lift_hold', { p_reference: reference }, done),
  }
}
