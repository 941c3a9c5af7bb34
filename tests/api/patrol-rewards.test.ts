import { beforeAll, describe, expect, it } from 'vitest'
import { claimedTipRewardSchema, deskRewardsSchema, handedOutSchema, offeredTipRewardSchema, ownRewardsSchema, ownTipRewardSchema, paidTipRewardSchema, placedOrderSchema, savedRewardSchema, tipRewardsSchema, tipRewardStateSchema } from '#shared/patrols/reward-schema'
import { anAddress, aReport, problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
beforeAll(async () => {
  for (const who of ['volunteer', 'resident', 'resident2', 'officer', 'officer2', 'lead', 'chief', 'auditor', 'admin'] as const) cookies[who] = await signedIn(who)
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const post = (who: string, path: string, json: unknown = {}) => send('POST', `/api${path}`, { ...as(who), json })
const own = async (who: string) => ownRewardsSchema.parse((await send('GET', '/api/patrols/rewards', as(who))).body)
const desk = async (who: string) => deskRewardsSchema.parse((await send('GET', '/api/desk/patrols/rewards', as(who))).body)
const torch = (changes: Record<string, unknown> = {}) => ({ name: { zh: '手电筒', en: 'Torch' }, points: 10, deposit: 0, stock: 2, ...changes })
const aReward = async (changes: Record<string, unknown> = {}) => savedRewardSchema.parse((await post('lead', '/desk/patrols/rewards', torch(changes))).body).id
const order = async (reward: string) => placedOrderSchema.parse((await post('volunteer', '/patrols/orders', { reward })).body)
const stockOf = async (id: string) => (await desk('officer')).rewards.find(reward => reward.id === id)?.stock

describe('a reward for points', () => {
  it('is set by lead and chief, and read by whoever reads the roster', async () => {
    expect(problemOf(await send('POST', '/api/desk/patrols/rewards', { json: torch() })).code).toBe('sign_in_required')
    for (const who of ['officer', 'auditor']) expect(problemOf(await post(who, '/desk/patrols/rewards', torch())).code, who).toBe('forbidden')
    expect(problemOf(await post('lead', '/desk/patrols/rewards', torch({ points: 0 }))).code).toBe('invalid')
    const id = await aReward()

    expect(problemOf(await post('chief', `/desk/patrols/rewards/${id}`, torch({ isActive: false }))).code, 'without what was seen').toBe('conflict')
    expect((await post('chief', `/desk/patrols/rewards/${id}`, torch({ isActive: false, stockSeen: await stockOf(id) }))).status).toBe(200)
    expect((await own('volunteer')).rewards.map(reward => reward.id)).not.toContain(id)
    expect(problemOf(await post('volunteer', '/patrols/orders', { reward: id })).code).toBe('not_found')
    expect((await desk('officer')).mayChange).toBe(false)
    expect((await desk('lead')).mayChange).toBe(true)
  })

  it('is ordered by volunteers with the points for it; guests and others are refused', async () => {
    const [id, dear] = [await aReward(), await aReward({ points: 99_000 })]

    expect(problemOf(await send('GET', '/api/patrols/rewards')).code).toBe('sign_in_required')
    expect(problemOf(await send('POST', '/api/patrols/orders', { json: { reward: id } })).code).toBe('sign_in_required')
    expect(problemOf(await post('resident2', '/patrols/orders', { reward: id })).code).toBe('not_found')
    expect(problemOf(await post('volunteer', '/patrols/orders', { reward: dear })).code).toBe('points_short')
    expect(problemOf(await post('volunteer', '/patrols/orders', { reward: 'torch' })).code).toBe('invalid')
    expect(await own('resident2')).toMatchObject({ isEnrolled: false, balance: 0, orders: [] })
  })

  it('is picked up with its code, once', async () => {
    const id = await aReward({ stock: 1 })
    const before = (await own('volunteer')).balance
    const { code, order: placed } = await order(id)

    expect((await own('volunteer')).balance).toBe(before - 10)
    expect(problemOf(await post('volunteer', '/patrols/orders', { reward: id })).code).toBe('out_of_stock')
    expect(JSON.stringify(await desk('officer')), 'the desk waits for the code').not.toContain(code)
    expect(problemOf(await post('auditor', '/desk/patrols/orders/hand-out', { code })).code).toBe('forbidden')
    expect(problemOf(await post('officer', '/desk/patrols/orders/hand-out', { code: '0000-0000' })).code).toBe('not_found')
    expect(handedOutSchema.parse((await post('officer', '/desk/patrols/orders/hand-out', { code: `${code.slice(0, 4)}-${code.slice(4)}`.toLowerCase() })).body)).toEqual({ order: placed, state: 'handed_out' })
    expect(problemOf(await post('officer', '/desk/patrols/orders/hand-out', { code })).code).toBe('not_found')
    expect(problemOf(await post('volunteer', `/patrols/orders/${placed}/cancel`)).code).toBe('status_order')
    expect((await own('volunteer')).orders.find(one => one.id === placed)).toMatchObject({ state: 'handed_out', code: null })
  })

  it('given up before it is picked up costs nothing; another\'s order is nobody\'s to give up', async () => {
    const id = await aReward()
    const before = (await own('volunteer')).balance
    const { order: placed, code } = await order(id)

    expect(problemOf(await post('resident2', `/patrols/orders/${placed}/cancel`)).code).toBe('not_found')
    expect((await post('volunteer', `/patrols/orders/${placed}/cancel`)).body).toEqual({ state: 'cancelled' })
    expect(problemOf(await post('officer', '/desk/patrols/orders/hand-out', { code })).code).toBe('not_found')
    expect([(await own('volunteer')).balance, await stockOf(id)]).toEqual([before, 2])
  })

  it('that is lent gives its deposit back with the thing; to keep it is for lead or chief, with a reason', async () => {
    const id = await aReward({ points: 0, deposit: 15 })
    const before = (await own('volunteer')).balance
    const [back, gone] = [await order(id), await order(id)]
    for (const { code } of [back, gone]) expect((await post('officer', '/desk/patrols/orders/hand-out', { code })).status).toBe(200)
    const end = (who: string, placed: string, json: unknown) => post(who, `/desk/patrols/orders/${placed}/end`, json)

    expect((await end('officer', back.order, { act: 'return' })).body).toEqual({ order: back.order, state: 'returned' })
    expect(problemOf(await end('officer', back.order, { act: 'return' })).code).toBe('status_order')
    expect(problemOf(await end('officer', gone.order, { act: 'keep', note: '丢失' })).code).toBe('invalid')
    expect(problemOf(await end('officer', gone.order, { act: 'keep', note: '已经丢失' })).code).toBe('forbidden')
    expect(problemOf(await end('lead', gone.order, { act: 'keep' })).code).toBe('reason_missing')
    expect((await end('lead', gone.order, { act: 'keep', note: '已经丢失' })).body).toEqual({ order: gone.order, state: 'kept' })
    expect([(await own('volunteer')).balance, await stockOf(id)]).toEqual([before - 15, 1])
    expect((await own('volunteer')).orders.find(one => one.id === gone.order)).toMatchObject({ state: 'kept', note: '已经丢失' })
  })
})

/** An anonymous tip that is done with. */
async function aClosedTip() {
  const tip = await aReport({ category: 'other', community: 'ping-an', description: 'The bicycles are in the cellar of house 3.' })
  const closed = await post('officer', `/desk/reports/${tip.reference}/status`, { status: 'closed', closedReason: 'no_further_action', fromStatus: 'received', publicText: 'Found, thank you.' })
  expect(closed.status, closed.text).toBe(200)
  return tip
}
const offer = (who: string, reference: string, changes: Record<string, unknown> = {}) => post(who, '/desk/patrols/tip-rewards', { reference, yuan: 300, why: '线索属实', ...changes })
async function anApproved() {
  const tip = await aClosedTip()
  const { id } = offeredTipRewardSchema.parse((await offer('lead', tip.reference)).body)
  expect(tipRewardStateSchema.parse((await post('chief', `/desk/patrols/tip-rewards/${id}/decide`, { approve: true })).body).state).toBe('approved')
  return { ...tip, id }
}
const pay = (who: string, code: string) => post(who, '/desk/patrols/tip-rewards/pay', { code })

describe('a reward for a tip', () => {
  it('is offered by a lead and approved by a chief, another person', async () => {
    const { reference } = await aClosedTip()
    const open = await aReport()

    for (const who of ['officer', 'auditor']) expect(problemOf(await offer(who, reference)).code, who).toBe('forbidden')
    expect(problemOf(await offer('resident', reference)).code).toBe('forbidden')
    expect(problemOf(await offer('lead', reference, { yuan: 5 })).code).toBe('invalid')
    expect(problemOf(await offer('lead', 'LL-0000-0000')).code).toBe('not_found')
    expect(problemOf(await offer('lead', open.reference)).code).toBe('status_order')
    const { id } = offeredTipRewardSchema.parse((await offer('chief', reference)).body)
    expect(problemOf(await offer('lead', reference)).code).toBe('status_order')
    expect(problemOf(await post('lead', `/desk/patrols/tip-rewards/${id}/decide`, { approve: true })).code).toBe('forbidden')
    expect(problemOf(await post('chief', `/desk/patrols/tip-rewards/${id}/decide`, { approve: true })).code).toBe('second_person_required')
    expect(problemOf(await send('GET', '/api/desk/patrols/tip-rewards', as('officer'))).code).toBe('forbidden')
  })

  it('is claimed with reference and receipt, paid once by code, and then nothing says which report it was', async () => {
    const { reference, receipt, id } = await anApproved()
    const path = `/api/reports/${reference}/reward`

    expect(problemOf(await send('GET', path)).code).toBe('not_found')
    expect(problemOf(await send('GET', path, as('resident'))).code).toBe('not_found')
    expect(ownTipRewardSchema.parse((await send('GET', path, { receipt })).body).reward).toMatchObject({ yuan: 300, isClaimed: false })
    const claim = async () => claimedTipRewardSchema.parse((await send('POST', path, { receipt, json: {} })).body).code
    const [lost, code] = [await claim(), await claim()]
    expect(ownTipRewardSchema.parse((await send('GET', path, { receipt })).body).reward).toMatchObject({ isClaimed: true })

    expect(problemOf(await pay('officer', lost)).code, 'a new code voids the one before').toBe('not_found')
    expect(problemOf(await pay('auditor', code)).code).toBe('forbidden')
    expect(problemOf(await pay('lead', code)).code, 'who offered it does not pay it').toBe('second_person_required')
    expect(paidTipRewardSchema.parse((await pay('officer2', code.toLowerCase().replaceAll('-', ' '))).body)).toEqual({ yuan: 300 })
    expect(problemOf(await pay('officer', code)).code).toBe('not_found')

    expect(tipRewardsSchema.parse((await send('GET', '/api/desk/patrols/tip-rewards', as('chief'))).body).rewards.find(row => row.id === id)).toMatchObject({ state: 'paid', reference: null, mayDecide: false })
    expect(ownTipRewardSchema.parse((await send('GET', path, { receipt })).body)).toEqual({ reward: null })
    expect(problemOf(await send('POST', path, { receipt, json: {} })).code).toBe('status_order')
  })

  it('cannot be found by trying receipts: after twenty wrong ones the address waits', async () => {
    const { reference, receipt } = await anApproved()
    const from = anAddress()
    const codes: string[] = []
    for (let guess = 0; guess < 21; guess++) codes.push(problemOf(await send('POST', `/api/reports/${reference}/reward`, { from, receipt: receipt.replace(/.$/, last => last === '0' ? '1' : '0'), json: {} })).code)

    expect(new Set(codes.slice(0, 20))).toEqual(new Set(['not_found']))
    expect(codes[20]).toBe('rate_limited')
    expect((await send('GET', `/api/reports/${reference}/reward`, { receipt })).status, 'whoever holds the receipt is not kept waiting').toBe(200)
  })
})
