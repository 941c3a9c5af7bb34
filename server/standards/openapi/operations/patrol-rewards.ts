import { idPathSchema } from '#shared/patrols/patrol-schema'
import {
  claimedTipRewardSchema, decideTipRewardSchema, deskRewardsSchema, endOrderSchema, handedOutSchema, newOrderSchema, offeredTipRewardSchema, offerTipRewardSchema, orderStateSchema, ownRewardsSchema, ownTipRewardSchema, paidTipRewardSchema, payTipRewardSchema, pickUpSchema,
  placedOrderSchema, savedRewardSchema, saveRewardSchema, tipRewardsSchema, tipRewardStateSchema,
} from '#shared/patrols/reward-schema'
import { receiptHeaderSchema, reportPathSchema } from '#shared/reports/report-schema'
import type { Operation } from '../operation.ts'

const own = { noun: 'patrols', access: 'account' } as const
const desk = { noun: 'patrols', access: 'desk' } as const
const tip = { noun: 'reports', access: 'reporter', path: '/api/reports/{reference}/reward', params: reportPathSchema, headers: receiptHeaderSchema } as const

/** Rewards for points, and rewards for tips. */
export const patrolRewardOperations: readonly Operation[] = [
  { ...own, method: 'get', path: '/api/patrols/rewards', id: 'readOwnRewards', summary: 'What there is for points, what one has, and one\'s orders with their pick-up codes', answers: [{ status: 200, says: 'The last 50 orders.', schema: ownRewardsSchema }], errors: ['sign_in_required'] },
  {
    ...own, method: 'post', path: '/api/patrols/orders', id: 'orderReward', body: newOrderSchema, summary: 'Orders a thing; points and deposit are taken at once',
    answers: [{ status: 201, says: 'The order, and the code that it is picked up with.', schema: placedOrderSchema }], errors: ['sign_in_required', 'invalid', 'not_found', 'not_enrolled', 'out_of_stock', 'points_short', 'conflict', 'too_large'],
  },
  { ...own, method: 'post', path: '/api/patrols/orders/{id}/cancel', id: 'cancelOwnOrder', params: idPathSchema, summary: 'Gives an order up; the points come back', answers: [{ status: 200, says: 'Its state.', schema: orderStateSchema }], errors: ['sign_in_required', 'not_found', 'status_order'] },
  { ...desk, method: 'get', path: '/api/desk/patrols/rewards', id: 'listRewards', summary: 'Rewards with their stock, and orders by the ids of volunteers', answers: [{ status: 200, says: 'Open orders first, 200 at most.', schema: deskRewardsSchema }], errors: [] },
  { ...desk, method: 'post', path: '/api/desk/patrols/rewards', id: 'addReward', body: saveRewardSchema, summary: 'A new reward, by lead or chief', answers: [{ status: 201, says: 'Its id.', schema: savedRewardSchema }], errors: ['invalid_input'] },
  { ...desk, method: 'post', path: '/api/desk/patrols/rewards/{id}', id: 'changeReward', params: idPathSchema, body: saveRewardSchema, summary: 'Changes a reward; orders keep what they cost', answers: [{ status: 200, says: 'Its id.', schema: savedRewardSchema }], errors: ['conflict', 'invalid_input'] },
  { ...desk, method: 'post', path: '/api/desk/patrols/orders/hand-out', id: 'handOutReward', body: pickUpSchema, summary: 'Hands out what somebody shows the code of, never to oneself', answers: [{ status: 200, says: 'The order.', schema: handedOutSchema }], errors: ['not_found', 'not_for_oneself', 'status_order', 'invalid_input'] },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/orders/{id}/end', id: 'endOrder', params: idPathSchema, body: endOrderSchema, summary: 'The thing is back, is not coming back (lead or chief), or is not handed out',
    answers: [{ status: 200, says: 'The order.', schema: handedOutSchema }], errors: ['not_for_oneself', 'status_order', 'reason_missing', 'invalid_input', 'points_short'],
  },
  { ...desk, method: 'get', path: '/api/desk/patrols/tip-rewards', id: 'listTipRewards', summary: 'Rewards for tips, for lead and chief; what was paid stands without its report', answers: [{ status: 200, says: 'All of them.', schema: tipRewardsSchema }], errors: [] },
  { ...desk, method: 'post', path: '/api/desk/patrols/tip-rewards', id: 'offerTipReward', body: offerTipRewardSchema, summary: 'Offers a reward for a report that is done with', answers: [{ status: 201, says: 'Its id.', schema: offeredTipRewardSchema }], errors: ['not_found', 'not_for_oneself', 'status_order', 'reason_missing', 'invalid_input'] },
  { ...desk, method: 'post', path: '/api/desk/patrols/tip-rewards/{id}/decide', id: 'decideTipReward', params: idPathSchema, body: decideTipRewardSchema, summary: 'Approves it, by a chief who did not offer it', answers: [{ status: 200, says: 'Its state.', schema: tipRewardStateSchema }], errors: ['second_person_required', 'not_for_oneself', 'status_order'] },
  { ...desk, method: 'post', path: '/api/desk/patrols/tip-rewards/pay', id: 'payTipReward', body: payTipRewardSchema, summary: 'Pays whoever brings the code; the row forgets its report', answers: [{ status: 200, says: 'How much.', schema: paidTipRewardSchema }], errors: ['not_found', 'second_person_required', 'not_for_oneself', 'rate_limited'] },
  { ...tip, method: 'get', id: 'readTipReward', summary: 'Whether a reward waits for the sender of a report', answers: [{ status: 200, says: 'Null without one.', schema: ownTipRewardSchema }], errors: ['session_ended', 'rate_limited'] },
  { ...tip, method: 'post', id: 'claimTipReward', summary: 'Makes the pay-out code; a code before it pays nothing any more', answers: [{ status: 200, says: 'The code stands in this answer and nowhere else.', schema: claimedTipRewardSchema }], errors: ['session_ended', 'status_order', 'rate_limited'] },
]
