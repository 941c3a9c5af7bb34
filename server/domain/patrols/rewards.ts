import type { DeskRewards, EndOrder, OwnRewards, SaveReward } from '#shared/patrols/reward-schema'
import type { DeskActor } from '#server/db/desk-reports'
import { deskRewardQueries, rewardJobQueries, rewardQueries, type OrderRow } from '#server/db/rewards'
import type { Services } from '../services.ts'

/** What there is for points, what one has, and one's orders, the last ones first. */
export async function readOwnRewards({ clients }: Services, actor: DeskActor): Promise<OwnRewards> {
  const { is_enrolled: isEnrolled, balance, rewards, orders } = await rewardQueries(clients, actor).read()
  return { isEnrolled, balance, rewards, orders: orders.map(({ code, ...row }) => ({ ...orderOf(row), code })) }
}

/** Orders a thing; points and deposit are taken at once. @throws AppError not_found, not_enrolled, out_of_stock, points_short, conflict: five orders wait */
export async function orderReward({ clients }: Services, actor: DeskActor, id: string) {
  const { order, code } = await rewardQueries(clients, actor).order(id)
  return { order, code }
}

/** Gives an order up before it was handed out. @throws AppError not_found, status_order */
export async function cancelOrder({ clients }: Services, actor: DeskActor, id: string) {
  const { state } = await rewardQueries(clients, actor).cancel(id)
  return { state }
}

/** Rewards with their stock, and orders by the ids of volunteers. @throws AppError forbidden */
export async function listDeskRewards({ clients }: Services, actor: DeskActor): Promise<DeskRewards> {
  const { may_change: mayChange, rewards, orders } = await deskRewardQueries(clients, actor).list()
  return { mayChange, rewards: rewards.map(({ is_active: isActive, ...row }) => ({ ...row, isActive })), orders: orders.map(({ volunteer, ...row }) => ({ ...orderOf(row), volunteer })) }
}

/** A new reward, or a change of one. @param id of the one to change @throws AppError forbidden, not_found, conflict: the stock is another than was seen, invalid_input */
export async function saveReward({ clients }: Services, actor: DeskActor, { isActive, stockSeen, ...reward }: SaveReward, id?: string) {
  return { id: (await deskRewardQueries(clients, actor).save({ ...reward, is_active: isActive, ...(id && { id, stock_seen: stockSeen }) })).id }
}

/** Hands out what somebody shows the code of. @throws AppError forbidden, not_found, not_for_oneself */
export async function handOutReward({ clients }: Services, actor: DeskActor, code: string) {
  const { order, state } = await deskRewardQueries(clients, actor).change({ act: 'hand_out', code })
  return { order, state }
}

/** The thing is back, is not coming back, or is not handed out. @throws AppError forbidden, not_found, not_for_oneself, status_order, reason_missing */
export async function endOrder({ clients }: Services, actor: DeskActor, id: string, { act, note }: EndOrder) {
  const { order, state } = await deskRewardQueries(clients, actor).change({ act, order: id, ...(note && { note }) })
  return { order, state }
}

/** What nobody picks up goes back on the shelf after thirty days; rewards for tips run out after ninety; what is over goes after its term. */
export async function advanceRewards({ clients }: Services) {
  const { ok: _ok, ...did } = await rewardJobQueries(clients).advance()
  return did
}

/** What `advanceRewards` would do now. */
export async function foreseeRewards({ clients }: Services) {
  const { ok: _ok, ...would } = await rewardJobQueries(clients).foresee()
  return would
}

const orderOf = ({ ordered_at: orderedAt, handed_out_at: handedOutAt, ended_at: endedAt, ...row }: OrderRow) => ({ ...row, orderedAt, handedOutAt, endedAt })
