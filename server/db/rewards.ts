import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { orderStates, tipRewardStates } from '#shared/patrols/reward-schema'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Access, Limit } from './reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const reward = z.object({ id: z.uuid(), name: localisedSchema, points: z.number(), deposit: z.number(), stock: z.number() })
const order = z.object({ id: z.uuid(), reward: z.uuid(), name: localisedSchema, points: z.number(), deposit: z.number(), state: z.enum(orderStates), ordered_at: instant, handed_out_at: instant.nullable(), ended_at: instant.nullable(), note: z.string().nullable() })
export type OrderRow = z.infer<typeof order>
const state = done.extend({ state: z.enum(orderStates) })

/** A volunteer's own orders, under their own token. */
export function rewardQueries({ as }: Clients, { accessToken }: DeskActor) {
  const own = as(accessToken)
  return {
    read: () => call(own, 'get_own_rewards', undefined as never, done.extend({ is_enrolled: z.boolean(), balance: z.number(), rewards: z.array(reward), orders: z.array(order.extend({ code: z.string().nullable() })) })),
    order: (id: string) => call(own, 'change_own_order', { p: { act: 'order', reward: id } }, done.extend({ order: z.uuid(), code: z.string() })),
    cancel: (id: string) => call(own, 'change_own_order', { p: { act: 'cancel', order: id } }, state),
  }
}

/** Rewards at the desk, under the token of whoever stands at the counter; the code of a pay-out is hashed by the server. */
export function deskRewardQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  const own = as(accessToken)
  return {
    list: () => call(own, 'list_desk_rewards', undefined as never, done.extend({ may_change: z.boolean(), rewards: z.array(reward.extend({ is_active: z.boolean() })), orders: z.array(order.extend({ volunteer: z.uuid() })) })),
    save: (row: Record<string, unknown>) => call(own, 'save_reward', { p: row as never }, done.extend({ id: z.uuid() })),
    change: (change: Record<string, unknown>) => call(own, 'change_order', { p: change as never }, state.extend({ order: z.uuid() })),
    tips: () => call(own, 'list_tip_rewards', undefined as never, done.extend({ rewards: z.array(z.object({
      id: z.uuid(), reference: z.string().nullable(), yuan: z.number(), why: z.string(), state: z.enum(tipRewardStates), offered_on: z.string(), paid_on: z.string().nullable(), may_decide: z.boolean(),
    })) })),
    offer: (offer: { reference: string, yuan: number, why: string }) => call(own, 'offer_tip_reward', { p: offer }, done.extend({ id: z.uuid() })),
    decide: (id: string, approve: boolean) => call(own, 'decide_tip_reward', { p: { id, approve } }, done.extend({ state: z.enum(tipRewardStates) })),
    pay: (codeHash: string, limits: Limit[]) => call(server, 'pay_tip_reward', { p: { actor: userId, session: sessionId, code_hash: codeHash, limits } as never }, done.extend({ yuan: z.number() })),
  }
}

const tipReward = done.extend({ reward: z.object({ yuan: z.number(), state: z.enum(['approved', 'claimed']), expires_at: instant }).nullable() })

/** The reward of a tip, for whoever holds its receipt. With a code's hash it is claimed. */
export const tipRewardQueries = ({ server }: Clients) => ({
  read: (reference: string, access: Access, guessLimits: Limit[], codeHash?: string) =>
    call(server, 'claim_tip_reward', { p: { reference, access: 'receipt_hash' in access ? { ...access, guess_limits: guessLimits } : access, guess_limits: guessLimits, ...(codeHash && { code_hash: codeHash }) } as never }, tipReward),
})

const advanced = done.extend({ cancelled: z.number(), expired: z.number(), removed: z.number() })

/** What the job asks. */
export const rewardJobQueries = ({ server }: Clients) => ({
  advance: () => call(server, 'advance_rewards', undefined as never, advanced),
  foresee: () => call(server, 'foresee_rewards', undefined as never, advanced),
})
