import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { patrolActs } from './patrols-builder.ts'
import { type Answer, type Submission, answerOf } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { call, enrolled, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
  await world.sql`insert into private.points_budgets (station_id, month, points, set_at) values (${world.station.home}, '2020-01-01', 1000000, now())`
})
beforeEach(() => tidy())
afterAll(async () => {
  if (world) await tidy()
  await world?.close()
})

/** Away with orders and things; the ledger stays, which nobody may change. */
async function tidy() {
  const { sql, station } = world
  await sql`delete from private.reward_orders where station_id = ${station.home}`
  await sql`delete from private.rewards where station_id = ${station.home}`
  await clear()
}
const balanceOf = async (volunteer: string) => (await world.sql<{ balance: number }[]>`select private.points_balance(a.id) as balance from private.points_accounts a where a.volunteer_id = ${volunteer}`)[0]?.balance ?? 0
const held = async (kind: 'deposits' | 'rewards') => (await world.sql<{ balance: number }[]>`select private.points_balance(a.id) as balance from private.points_accounts a where a.station_id = ${world.station.home} and a.kind = ${kind}`)[0]?.balance ?? 0
const stockOf = async (reward: string) => (await world.sql<{ stock: number }[]>`select stock from private.rewards where id = ${reward}`)[0]?.stock
const actsOf = async (order: unknown) => (await world.sql<{ action: string, actor_id: string | null }[]>`select action, actor_id from public.audit_log where noun_id = ${String(order)} order by id`).map(({ action, actor_id: actor }) => `${action}${actor ? ' by staff' : ''}`)
const read = async (who: Person, name: string) => answerOf((await world.as(who)).rpc(name))
const counter = (who: Person, act: string, changes: Submission) => call(who, 'change_order', { act, ...changes })

async function give(volunteer: string, points: number) {
  const entries = world.sql.json([{ account: 'budget', points: -points }, { account: 'volunteer', volunteer, points }])
  const [row] = await world.sql<{ answer: Answer }[]>`select private.post_points(${world.station.home}, 'granted', ${entries}) as answer`
  expect(row?.answer).toMatchObject({ ok: true })
}
async function aReward({ points = 30, deposit = 0, stock = 3 } = {}): Promise<string> {
  const answer = await call('lead_zhao', 'save_reward', { name: { zh: '手电筒', en: 'Torch' }, points, deposit, stock })
  expect(answer).toMatchObject({ ok: true })
  return String(answer.id)
}
async function orderBy(volunteer: string, reward: string): Promise<Answer> {
  const [row] = await world.sql<{ answer: Answer }[]>`select private.order_reward(${volunteer}, ${reward}) as answer`
  return row!.answer
}

describe('a reward', () => {
  it('is set by lead or chief of its station, and costs something', async () => {
    const reward = { name: { zh: '水杯', en: 'Mug' }, points: 20, deposit: 0, stock: 5 }

    for (const who of ['officer_wang', 'auditor_wu', 'admin_zheng', 'amina_resident'] as const) expect(await call(who, 'save_reward', reward), who).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('lead_zhao', 'save_reward', { ...reward, points: 0 })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await call('lead_zhao', 'save_reward', { ...reward, stock: -1 })).toEqual({ ok: false, code: 'invalid_input' })
    const { id } = await call('chief_sun', 'save_reward', reward)
    expect(await call('chief_far', 'save_reward', { ...reward, id })).toEqual({ ok: false, code: 'not_found' })
    expect(await call('lead_zhao', 'save_reward', { ...reward, id, stock_seen: reward.stock, is_active: false })).toEqual({ ok: true, id })
    expect(await call('lead_zhao', 'save_reward', { ...reward, id, stock_seen: reward.stock - 1 }), 'one was ordered meanwhile').toEqual({ ok: false, code: 'conflict' })
    expect(await read('officer_wang', 'list_desk_rewards')).toMatchObject({ may_change: false, rewards: [{ id, is_active: false, stock: 5 }] })
  })
})

describe('an order', () => {
  it('takes points and one of the stock, is picked up with its code, and is then over', async () => {
    const amina = await enrolled('amina_resident')
    await give(amina, 50)
    const reward = await aReward({ points: 30, stock: 1 })

    const { order, code } = await call('amina_resident', 'change_own_order', { act: 'order', reward })

    expect(await balanceOf(amina)).toBe(20)
    expect(await stockOf(reward)).toBe(0)
    expect(await read('amina_resident', 'get_own_rewards')).toMatchObject({ balance: 20, orders: [{ id: order, code, state: 'ordered' }] })
    expect(JSON.stringify(await read('lead_zhao', 'list_desk_rewards')), 'whoever hands out is told the code').not.toContain(String(code))
    expect(await counter('officer_wang', 'hand_out', { code: '0000-0000' })).toEqual({ ok: false, code: 'not_found' })
    expect(await counter('chief_far', 'hand_out', { code })).toEqual({ ok: false, code: 'not_found' })
    expect(await counter('officer_wang', 'hand_out', { code: ` ${String(code).toLowerCase().replace(/^..../, '$&-')} ` })).toEqual({ ok: true, state: 'handed_out', order })
    expect(await counter('officer_wang', 'hand_out', { code })).toEqual({ ok: false, code: 'not_found' })
    expect(await counter('officer_wang', 'return', { order }), 'no deposit').toEqual({ ok: false, code: 'status_order' })
    expect(await read('amina_resident', 'get_own_rewards')).toMatchObject({ orders: [{ state: 'handed_out', code: null }] })
    expect(await actsOf(order)).toEqual(['reward.ordered', 'reward.handed_out by staff'])
  })

  it('needs the points, something on the shelf, and somebody on the roster', async () => {
    const amina = await enrolled('amina_resident')
    const reward = await aReward({ points: 30, stock: 1 })
    expect(await orderBy(amina, reward)).toEqual({ ok: false, code: 'points_short' })
    await give(amina, 300)
    await give(await enrolled('bo_resident', { state: 'left' }), 300)
    expect(await call('bo_resident', 'change_own_order', { act: 'order', reward })).toEqual({ ok: false, code: 'not_enrolled' })
    expect(await call('officer_wang', 'change_own_order', { act: 'order', reward })).toEqual({ ok: false, code: 'not_found' })

    expect(await orderBy(amina, reward)).toMatchObject({ ok: true })
    expect(await orderBy(amina, reward)).toEqual({ ok: false, code: 'out_of_stock' })
    expect(await balanceOf(amina)).toBe(270)
  })

  it('is cancelled by whoever placed it, or with a reason at the desk, and everything is as before', async () => {
    const amina = await enrolled('amina_resident')
    await enrolled('bo_resident')
    await give(amina, 50)
    const reward = await aReward({ points: 30, deposit: 20, stock: 2 })
    const before = [await held('rewards'), await held('deposits')]
    const place = async () => (await call('amina_resident', 'change_own_order', { act: 'order', reward })).order
    const first = await place()

    expect(await call('bo_resident', 'change_own_order', { act: 'cancel', order: first })).toEqual({ ok: false, code: 'not_found' })
    expect(await call('amina_resident', 'change_own_order', { act: 'cancel', order: first })).toEqual({ ok: true, state: 'cancelled' })
    expect(await call('amina_resident', 'change_own_order', { act: 'cancel', order: first })).toEqual({ ok: false, code: 'status_order' })
    const second = await place()
    expect(await counter('officer_wang', 'cancel', { order: second })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await counter('officer_wang', 'cancel', { order: second, note: 'It broke.' })).toMatchObject({ ok: true, state: 'cancelled' })

    expect([await balanceOf(amina), await stockOf(reward), await held('rewards'), await held('deposits')]).toEqual([50, 2, ...before])
  })

  it('with a deposit gives it back with the thing; what does not come back is for lead or chief to keep', async () => {
    const amina = await enrolled('amina_resident')
    await give(amina, 100)
    const reward = await aReward({ points: 0, deposit: 40, stock: 2 })
    const [deposits, spent] = [await held('deposits'), await held('rewards')]
    const [one, other] = [await orderBy(amina, reward), await orderBy(amina, reward)]
    for (const { code } of [one, other]) await counter('lead_zhao', 'hand_out', { code })
    expect([await balanceOf(amina), await held('deposits')]).toEqual([20, deposits + 80])

    expect(await counter('officer_wang', 'return', { order: one.order })).toMatchObject({ ok: true, state: 'returned' })
    expect(await counter('officer_wang', 'keep', { order: other.order, note: 'Lost.' })).toEqual({ ok: false, code: 'forbidden' })
    expect(await counter('lead_zhao', 'keep', { order: other.order })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await counter('lead_zhao', 'keep', { order: other.order, note: 'Lost.' })).toMatchObject({ ok: true, state: 'kept' })

    expect([await balanceOf(amina), await stockOf(reward), await held('deposits'), await held('rewards')]).toEqual([60, 1, deposits, spent + 40])
  })

  it('is handed out by nobody to themselves', async () => {
    const volunteer = await enrolled()
    await world.sql`update public.volunteers set user_id = ${world.person.officer_wang.id} where id = ${volunteer}`
    await give(volunteer, 30)
    const { code } = await orderBy(volunteer, await aReward())

    expect(await counter('officer_wang', 'hand_out', { code })).toEqual({ ok: false, code: 'not_for_oneself' })
  })

  it('that nobody picks up for thirty days is cancelled; one of an erased account at once', async () => {
    const amina = await enrolled('amina_resident')
    await give(amina, 60)
    const reward = await aReward({ stock: 2 })
    const [late, fresh] = [await orderBy(amina, reward), await orderBy(amina, reward)]
    await world.sql`update private.reward_orders set ordered_at = now() - interval '31 days' where id = ${String(late.order)}`

    await world.server.rpc('advance_rewards')
    expect(await world.sql`select id, state from private.reward_orders where volunteer_id = ${amina} order by number`).toEqual([{ id: late.order, state: 'cancelled' }, { id: fresh.order, state: 'ordered' }])
    await world.sql`update public.volunteers set user_id = null where id = ${amina}`
    expect([await balanceOf(amina), await stockOf(reward)]).toEqual([60, 2])
  })

  it('can be cancelled and its account erased also where the stock was set to the most there may be', async () => {
    const amina = await enrolled('amina_resident')
    await give(amina, 60)
    const reward = await aReward({ stock: 100_000 })
    const { order } = await orderBy(amina, reward)
    await call('lead_zhao', 'save_reward', { id: reward, name: { zh: '手电筒', en: 'Torch' }, points: 30, deposit: 0, stock: 100_000, stock_seen: 99_999 })

    expect(await call('amina_resident', 'change_own_order', { act: 'cancel', order })).toEqual({ ok: true, state: 'cancelled' })
    expect([await balanceOf(amina), await stockOf(reward)]).toEqual([60, 100_000])
  })

  it('keeps no words about somebody whose account is erased', async () => {
    const amina = await enrolled('amina_resident')
    await give(amina, 60)
    const { code, order } = await orderBy(amina, await aReward({ points: 0, deposit: 30 }))
    await counter('officer_wang', 'hand_out', { code })
    expect(await counter('lead_zhao', 'keep', { order, note: 'Amina lost the torch.' })).toMatchObject({ ok: true })
    await world.sql`update public.volunteers set user_id = null where id = ${amina}`

    expect(await world.sql`select note from private.reward_orders where id = ${String(order)}`).toEqual([{ note: null }])
    expect(await world.sql`select note from private.points_transactions where cause_id = ${String(order)} and note is not null`).toEqual([])
  })

  it('is not made for an account that is erased meanwhile', async () => {
    const amina = await enrolled('amina_resident')
    await give(amina, 60)
    const reward = await aReward({ stock: 2 })
    await orderBy(amina, reward)
    let ordered: Promise<Answer> | undefined
    await world.sql.begin(async (sql) => {
      await sql`update public.volunteers set user_id = null, state = 'left' where id = ${amina}`
      ordered = orderBy(amina, reward)
      await new Promise(resolve => setTimeout(resolve, 400))
    })

    expect(await ordered).toEqual({ ok: false, code: 'not_enrolled' })
    expect([await balanceOf(amina), await stockOf(reward)]).toEqual([60, 2])
  })

  it('goes two years after it ended, the points stay; what is lent stays as long as it is out', async () => {
    const amina = await enrolled('amina_resident')
    await give(amina, 200)
    const [torch, radio] = [await aReward({ stock: 3 }), await aReward({ points: 0, deposit: 40, stock: 1 })]
    const [old, young, given, lent] = [await orderBy(amina, torch), await orderBy(amina, torch), await orderBy(amina, torch), await orderBy(amina, radio)]
    for (const { order } of [old, young]) await call('amina_resident', 'change_own_order', { act: 'cancel', order })
    for (const { code } of [given, lent]) expect(await counter('officer_wang', 'hand_out', { code })).toMatchObject({ ok: true })
    await world.sql`update private.reward_orders set ended_at = now() - interval '2 years 1 day' where id = ${String(old.order)}`
    await world.sql`update private.reward_orders set handed_out_at = now() - interval '2 years 1 day' where id in (${String(given.order)}, ${String(lent.order)})`
    const balance = await balanceOf(amina)

    expect(await answerOf(world.server.rpc('foresee_rewards'))).toMatchObject({ removed: 2 })
    expect(await answerOf(world.server.rpc('advance_rewards'))).toMatchObject({ removed: 2 })
    expect((await world.sql`select id from private.reward_orders where volunteer_id = ${amina} order by number`).map(({ id }) => id)).toEqual([young.order, lent.order])
    expect(await balanceOf(amina)).toBe(balance)
    expect(await answerOf(world.server.rpc('advance_rewards'))).toMatchObject({ removed: 0 })
  })

  it('stands in the copy of its volunteer\'s account, certificates beside it', async () => {
    const amina = await enrolled('amina_resident')
    await give(amina, 60)
    await orderBy(amina, await aReward())
    const [row] = await world.sql<{ copy: Record<string, unknown> }[]>`select private.volunteer_copy(v.user_id) as copy from public.volunteers v where v.id = ${amina}`

    expect(row?.copy).toMatchObject({ state: 'active', orders: [{ name: { zh: '手电筒', en: 'Torch' }, points: 30, deposit: 0, state: 'ordered' }], certificates: [], points: expect.any(Array) })
    expect((await world.sql`select private.volunteer_copy(${crypto.randomUUID()}) as copy`)[0]?.copy).toBeNull()
  })
})

/** mulberry32: the same operations at each run. */
function numbersFrom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6D2B79F5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const operations = 10_000

it(`${operations} orders, pick-ups, returns and cancellations side by side lose no thing and no point`, async () => {
  const { sql, station } = world
  const people = await Promise.all(Array.from({ length: 12 }, () => enrolled()))
  for (const person of people) await give(person, 120)
  const things: { id: string, stock: number }[] = []
  for (const [points, deposit, stock] of [[30, 0, 4], [0, 40, 3], [20, 20, 2]] as const) things.push({ id: await aReward({ points, deposit, stock }), stock })
  const [before, depositsBefore] = [await held('rewards'), await held('deposits')]
  const [staff] = await sql<{ user_id: string }[]>`select user_id from public.staff where user_id = ${world.person.lead_zhao.id}`
  const pick = numbersFrom(11)
  const ends = new Map<string, number>()
  const trouble: unknown[] = []
  let [next, given] = [0, 12 * 120]

  const act = async (): Promise<Answer> => {
    const kind = pick(12)
    if (kind === 10) {
      const thing = things[pick(things.length)]!
      thing.stock++
      await sql`update private.rewards set stock = stock + 1 where id = ${thing.id}`
      return { ok: true, state: 'restocked' }
    }
    if (kind === 11) {
      given += 10
      await give(people[pick(people.length)]!, 10)
      return { ok: true, state: 'given' }
    }
    if (kind < 5) return orderBy(people[pick(people.length)]!, things[pick(things.length)]!.id)
    const name = kind < 7 ? 'hand_out' : kind < 8 ? 'cancel' : kind < 9 ? 'return' : 'keep'
    const [order] = await sql<{ id: string }[]>`select id from private.reward_orders where station_id = ${station.home} and ended_at is null order by md5(id::text || ${String(pick(1000))}) limit 1`
    if (!order) return { ok: false, code: 'nothing' }
    const [row] = await sql<{ answer: Answer }[]>`select private.change_order(${order.id}, ${name}, (select s from public.staff s where s.user_id = ${staff!.user_id}), 'swarm') as answer`
    return row!.answer
  }
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (next++ < operations) {
      await act().then(({ ok, code, state }) => {
        const end = String(ok ? state ?? 'ordered' : code)
        ends.set(end, (ends.get(end) ?? 0) + 1)
      }, (error: unknown) => trouble.push(error))
    }
  }))

  expect(trouble).toEqual([])
  for (const end of ['ordered', 'handed_out', 'returned', 'kept', 'cancelled', 'out_of_stock', 'points_short', 'status_order']) expect(ends.get(end) ?? 0, end).toBeGreaterThan(0)
  for (const { id, stock } of things) {
    const [out] = await sql<{ out: number }[]>`select count(*)::integer as out from private.reward_orders where reward_id = ${id} and state in ('ordered', 'handed_out', 'kept')`
    expect(await stockOf(id), 'what is on the shelf and what is out').toBe(stock - out!.out)
  }
  const [sums] = await sql<{ spent: number, deposits: number }[]>`select coalesce(sum(points) filter (where state <> 'cancelled'), 0)::integer + coalesce(sum(deposit) filter (where state = 'kept'), 0)::integer as spent,
    coalesce(sum(deposit) filter (where state in ('ordered', 'handed_out')), 0)::integer as deposits from private.reward_orders where station_id = ${station.home}`
  expect([await held('rewards') - before, await held('deposits') - depositsBefore]).toEqual([sums!.spent, sums!.deposits])
  const balances = await Promise.all(people.map(balanceOf))
  expect(Math.min(...balances)).toBeGreaterThanOrEqual(0)
  expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(given - sums!.spent - sums!.deposits)
}, 120_000)
