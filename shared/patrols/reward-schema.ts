import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { symbols } from '../reports/receipt.ts'

/* Rewards for points, and rewards for tips, in the API and on the pages. */

const instant = z.string().meta({ format: 'date-time' })
const note = z.string().trim().min(3, 'textMin').max(500, 'textMax')
const amount = z.int().min(0).max(100_000)
const name = z.object({ zh: z.string().trim().min(1, 'required').max(80, 'textMax'), en: z.string().trim().min(1, 'required').max(80, 'textMax') })

export const orderStates = ['ordered', 'handed_out', 'returned', 'kept', 'cancelled'] as const
const reward = z.object({ id: z.uuid(), name: localisedSchema, points: z.number(), deposit: z.number(), stock: z.number() })
const order = z.object({ id: z.uuid(), reward: z.uuid(), name: localisedSchema, points: z.number(), deposit: z.number(), state: z.enum(orderStates), orderedAt: instant, handedOutAt: instant.nullable(), endedAt: instant.nullable(), note: z.string().nullable() })

/** `code` is shown at the counter, until the thing is handed out. */
export const ownRewardsSchema = z.object({ isEnrolled: z.boolean(), balance: z.number(), rewards: z.array(reward), orders: z.array(order.extend({ code: z.string().nullable() })) })
export type OwnRewards = z.infer<typeof ownRewardsSchema>
export const newOrderSchema = z.object({ reward: z.uuid() })
export const placedOrderSchema = z.object({ order: z.uuid(), code: z.string() })
export const orderStateSchema = z.object({ state: z.enum(orderStates) })

export const deskRewardsSchema = z.object({ mayChange: z.boolean(), rewards: z.array(reward.extend({ isActive: z.boolean() })), orders: z.array(order.extend({ volunteer: z.uuid() })) })
export type DeskRewards = z.infer<typeof deskRewardsSchema>
export const saveRewardSchema = z.object({ name, points: amount, deposit: amount, stock: amount, isActive: z.boolean().default(true), stockSeen: amount.optional().meta({ description: 'Of a change: the stock as the editor saw it; another one is a conflict' }) }).refine(({ points, deposit }) => points + deposit > 0, { path: ['points'], error: 'required' })
export type SaveReward = z.output<typeof saveRewardSchema>
export const savedRewardSchema = z.object({ id: z.uuid() })
export const pickUpSchema = z.object({ code: z.string().trim().min(1).max(40) })
export const handedOutSchema = z.object({ order: z.uuid(), state: z.enum(orderStates) })
export const endOrderSchema = z.object({ act: z.enum(['return', 'keep', 'cancel']), note: note.optional() })
export type EndOrder = z.output<typeof endOrderSchema>

export const tipRewardStates = ['offered', 'approved', 'refused', 'claimed', 'paid', 'expired'] as const
export const offerTipRewardSchema = z.object({ reference: z.string().max(20), yuan: z.int().min(10).max(50_000), why: note })
export type OfferTipReward = z.output<typeof offerTipRewardSchema>
export const offeredTipRewardSchema = z.object({ id: z.uuid() })
export const decideTipRewardSchema = z.object({ approve: z.boolean() })
export const tipRewardStateSchema = z.object({ state: z.enum(tipRewardStates) })
export const payTipRewardSchema = z.object({ code: z.string().trim().min(1).max(40) })
export const paidTipRewardSchema = z.object({ yuan: z.number() })
export const tipRewardsSchema = z.object({ rewards: z.array(z.object({
  id: z.uuid(), reference: z.string().nullable(), yuan: z.number(), why: z.string(), state: z.enum(tipRewardStates), offeredOn: z.iso.date(), paidOn: z.iso.date().nullable(), mayDecide: z.boolean(),
})) })
export type TipRewards = z.infer<typeof tipRewardsSchema>

/** What the sender of a tip learns of its reward. `code`: once, when it is claimed. */
export const ownTipRewardSchema = z.object({ reward: z.object({ yuan: z.number(), isClaimed: z.boolean(), expiresAt: instant }).nullable() })
export const claimedTipRewardSchema = z.object({ code: z.string(), yuan: z.number(), expiresAt: instant })
export type ClaimedTipReward = z.infer<typeof claimedTipRewardSchema>

/** `7k3q 9xpa 2mbd` → `7K3Q-9XPA-2MBD`, or undefined. */
export function parsePayOutCode(text: string): string | undefined {
  const found = symbols(text.normalize('NFKC').toUpperCase().replace(/[^0-9A-Z]/g, ''))
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(found) ? found.match(/.{4}/g)?.join('-') : undefined
}

/** `/patrols/rewards` */
export interface RewardsPage extends OwnRewards { did: 'ordered' | 'cancelled' | null }
export const rewardsFormSchema = z.discriminatedUnion('act', [z.object({ act: z.literal('order'), reward: z.uuid() }), z.object({ act: z.literal('cancel'), order: z.uuid() })])

/** `/reports/{reference}/reward` */
export interface TipRewardPage { reference: string, reward: z.infer<typeof ownTipRewardSchema>['reward'], claimed: ClaimedTipReward | null, timeZone: string, now: string }
