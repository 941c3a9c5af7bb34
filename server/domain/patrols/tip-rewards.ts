import { randomInt } from 'node:crypto'
import { AppError } from '#shared/errors'
import { parsePayOutCode, type ClaimedTipReward, type OfferTipReward, type TipRewards } from '#shared/patrols/reward-schema'
import { crockford } from '#shared/reports/receipt'
import type { DeskActor } from '#server/db/desk-reports'
import type { Access, Limit } from '#server/db/reports'
import { deskRewardQueries, tipRewardQueries } from '#server/db/rewards'
import type { Services } from '../services.ts'

/** Under the key of receipts: neither the database nor the desk can tell the code from its hash. */
const codeHash = ({ keys }: Pick<Services, 'keys'>, code: string) => keys.mac('receipt', `tip reward ${code}`).toString('hex')

/** Whether a reward waits for the sender of a tip. @throws AppError not_found (wrong receipt and unknown reference alike), rate_limited */
export async function readTipReward({ clients }: Services, reference: string, access: Access, guessLimits: Limit[]) {
  const { reward } = await tipRewardQueries(clients).read(reference, access, guessLimits)
  return { reward: reward && { yuan: reward.yuan, isClaimed: reward.state === 'claimed', expiresAt: reward.expires_at } }
}

/** Claims it: the answer holds the pay-out code, which is kept nowhere. A code before this one pays no more. @throws AppError not_found, status_order: nothing to claim, rate_limited */
export async function claimTipReward(services: Services, reference: string, access: Access, guessLimits: Limit[]): Promise<ClaimedTipReward> {
  const code = Array.from({ length: 12 }, (_, index) => (index && index % 4 === 0 ? '-' : '') + crockford[randomInt(32)]).join('')
  const { reward } = await tipRewardQueries(services.clients).read(reference, access, guessLimits, codeHash(services, code))
  if (!reward) throw new AppError('status_order')
  return { code, yuan: reward.yuan, expiresAt: reward.expires_at }
}

/** Open ones with their report, and what is over without. @throws AppError forbidden */
export async function listTipRewards({ clients }: Services, actor: DeskActor): Promise<TipRewards> {
  const { rewards } = await deskRewardQueries(clients, actor).tips()
  return { rewards: rewards.map(({ offered_on: offeredOn, paid_on: paidOn, may_decide: mayDecide, ...row }) => ({ ...row, offeredOn, paidOn, mayDecide })) }
}

/** @throws AppError forbidden, not_found, not_for_oneself: they hold the receipt, status_order: not done with, or it has one, reason_missing, invalid_input */
export async function offerTipReward({ clients }: Services, actor: DeskActor, offer: OfferTipReward) {
  return { id: (await deskRewardQueries(clients, actor).offer(offer)).id }
}

/** By a chief, another person than who offered it. @throws AppError forbidden, not_found, second_person_required, not_for_oneself, status_order */
export async function decideTipReward({ clients }: Services, actor: DeskActor, id: string, approve: boolean) {
  return { state: (await deskRewardQueries(clients, actor).decide(id, approve)).state }
}

/** Pays whoever brings the code. @throws AppError forbidden, not_found: a code that pays nothing, second_person_required, not_for_oneself, rate_limited */
export async function payTipReward(services: Services, actor: DeskActor, typed: string, limits: Limit[]) {
  return { yuan: (await deskRewardQueries(services.clients, actor).pay(codeHash(services, parsePayOutCode(typed) ?? ''), limits)).yuan }
}
