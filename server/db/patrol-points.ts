import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { correctionStates, type GrantPoints, type SetPoints } from '#shared/patrols/points-schema'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Patroller } from './patrols.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const correction = z.object({ id: z.uuid(), state: z.enum(correctionStates), from: instant, to: instant, why: z.string().nullable(), asked_at: instant, decided_at: instant.nullable(), note: z.string().nullable() })
export type CorrectionRow = z.infer<typeof correction>
const rules = z.array(z.object({ code: z.string(), name: localisedSchema, unit: z.enum(['hour', 'each']), points: z.number() }))
const night = z.object({ from: z.string(), to: z.string(), creditPercent: z.number() })

const ownPoints = done.extend({
  now: instant, is_volunteer: z.boolean(), balance: z.number(),
  lines: z.array(z.object({ id: z.uuid(), at: instant, kind: z.string(), rule: z.string().nullable(), points: z.number(), balance: z.number(), note: z.string().nullable(), patrol_at: instant.nullable() })),
  hours: z.array(z.object({
    place: z.uuid(), starts_at: instant, ends_at: instant, worked_from: instant.nullable(), worked_to: instant.nullable(), minutes: z.number(), night_minutes: z.number(), credit_minutes: z.number(), is_counted: z.boolean(), may_ask: z.boolean(), corrections: z.array(correction),
  })),
  totals: z.object({ minutes: z.number(), night_minutes: z.number(), credit_minutes: z.number() }),
  honours: z.array(z.object({ code: z.string(), name: localisedSchema, hours: z.number(), given_at: instant.nullable() })),
  waiting: z.array(z.object({ rule: z.string(), points: z.number(), earned_at: instant })), rules, night,
})
const deskPoints = done.extend({
  now: instant, may_decide: z.boolean(), may_set: z.boolean(), month: z.string(), budget: z.number(), used: z.number(), waiting: z.object({ count: z.number(), points: z.number() }), rules, night,
  months: z.array(z.object({ month: z.string(), budget: z.number(), used: z.number() })),
  corrections: z.array(correction.extend({ volunteer: z.uuid(), is_own: z.boolean(), community: z.string(), starts_at: instant, ends_at: instant, was_from: instant.nullable(), was_to: instant.nullable() })),
})

/** One's own ledger, under one's own token or for the account behind a chat. */
export const readPoints = ({ as, server }: Clients, who: Patroller) =>
  'chat' in who ? call(server, 'get_own_points', { p: { chat: who.chat } }, ownPoints) : call(as(who.accessToken), 'get_own_points', { p: {} }, ownPoints)

/** What is asked and decided of the ledger, under the token of whoever does. */
export function pointsQueries({ as }: Clients, { accessToken }: DeskActor) {
  const own = as(accessToken)
  return {
    ask: (correction: { place: string, from: string, to: string, why: string }) => call(own, 'ask_hours_correction', { p: correction }, done.extend({ id: z.uuid() })),
    list: () => call(own, 'list_desk_points', undefined as never, deskPoints),
    decide: (id: string, decision: { approve: boolean, note?: string | undefined }) => call(own, 'decide_hours_correction', { p: { id, ...decision } as never }, done.extend({ state: z.enum(correctionStates) })),
    set: (wanted: Exclude<SetPoints, { act: 'night' }> | { act: 'night', from: string, to: string, credit_percent: number }) => call(own, 'set_points', { p: wanted }, done),
    grant: (granted: GrantPoints) => call(own, 'grant_points', { p: granted }, done),
  }
}

const advanced = done.extend({ paid: z.number(), honoured: z.number(), forgotten: z.number() })

/** What the job asks of the ledger. */
export const pointsJobQueries = ({ server }: Clients) => ({
  advance: () => call(server, 'advance_points', undefined as never, advanced),
  foresee: () => call(server, 'foresee_points', undefined as never, advanced),
})
