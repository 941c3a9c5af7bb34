import { afterAll, beforeAll, expect, it } from 'vitest'
import { patrolActs } from './patrols-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
const { enrolled, aShift, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(async () => {
  if (world) await clear()
  await world?.close()
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

// Half a minute on a quiet machine; stages run side by side.
const operations = 10_000

it(`a swarm of ${operations} operations side by side leaves every sum zero, nobody below zero and no budget passed, and every line adds up`, async () => {
  const { sql, station, backend } = world
  // Volunteers with accounts: whoever has none earns nothing.
  const volunteers = await Promise.all(Array.from({ length: 12 }, async (_, index) => {
    const [user, id] = [await backend.createUser(`swarm_${index}`), await enrolled()]
    await sql`update public.volunteers set user_id = ${user.id} where id = ${id}`
    return id
  }))
  const places: { id: string, volunteer: string }[] = []
  for (let day = 1; day <= 30; day++) {
    const shift = await aShift({ startsIn: -24 * day - 12, lasts: 2, maximum: 12 })
    for (const volunteer of volunteers) {
      const [place] = await sql<{ id: string }[]>`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at, attended_at)
        select s.id, ${volunteer}, s.period, 'confirmed', false, now(), now() from public.patrol_shifts s where s.id = ${shift} returning id`
      places.push({ id: place!.id, volunteer })
    }
  }
  const [{ used }] = await sql<[{ used: number }]>`select private.budget_used(${station.home}, private.month_at(${station.home}, now())) as used`
  const budget = (points: number) => sql`insert into private.points_budgets (station_id, month, points, set_at) values (${station.home}, private.month_at(${station.home}, now()), ${points}, now()) on conflict (station_id, month) do update set points = excluded.points`
  await budget(used + 2000)
  const pick = numbersFrom(11)
  const ends = new Map<string, number>()
  const trouble: unknown[] = []
  let next = 0

  const act = async (number: number): Promise<string> => {
    const volunteer = volunteers[pick(volunteers.length)]!
    const place = places[pick(places.length)]!
    const kind = pick(20)
    if (kind < 6) return (await sql<{ points: number }[]>`select private.earn_points(${volunteer}, ${['finding', 'training', 'tip_helped'][pick(3)]!}, ${`00000000-0000-4000-8000-${String(pick(3000)).padStart(12, '0')}`}, ${1 + pick(3)}) as points`)[0]!.points ? 'earned' : 'earned before'
    if (kind < 13) {
      // A check-out or a correction of it, to another length.
      await sql`select private.count_hours(q.id, tstzrange(lower(q.period), lower(q.period) + make_interval(mins => ${pick(121)})), ${number % 2 ? place.id : crypto.randomUUID()}::uuid) from public.shift_places q where q.id = ${place.id} and not (${number % 2} = 1 and exists (select from private.patrol_hours h where h.place_id = q.id))`
      return 'counted'
    }
    if (kind < 19) {
      const points = 1 + pick(60)
      const [row] = await sql<{ answer: { ok: boolean, code?: string } }[]>`select private.post_points(${station.home}, 'ordered', ${sql.json([{ account: 'volunteer', volunteer, points: -points }, { account: 'rewards', points }])}) as answer`
      return row!.answer.ok ? 'spent' : row!.answer.code ?? '?'
    }
    if (pick(8) === 0) await sql`update private.points_budgets set points = points + 700 where station_id = ${station.home}`
    await sql`select private.pay_claims(${station.home})`
    return 'paid'
  }
  await Promise.all(Array.from({ length: 10 }, async () => {
    while (next < operations) {
      const number = next++
      await act(number).then(end => ends.set(end, (ends.get(end) ?? 0) + 1), (error: unknown) => trouble.push(error))
    }
  }))

  expect(trouble).toEqual([])
  for (const end of ['earned', 'earned before', 'counted', 'spent', 'points_short', 'paid']) expect(ends.get(end) ?? 0, end).toBeGreaterThan(20)
  expect(await sql`select e.transaction_id from private.points_entries e group by 1 having sum(e.points) <> 0 or count(*) < 2`, 'a transaction that does not sum to zero').toHaveLength(0)
  expect(await sql`select a.id from private.points_accounts a join private.points_entries e on e.account_id = a.id where a.kind <> 'budget' group by 1 having sum(e.points) < 0`, 'somebody below zero').toHaveLength(0)
  // At every moment, not only at the end.
  expect(await sql`select from (select sum(e.points) over (partition by e.account_id order by t.number) as balance, a.kind from private.points_entries e join private.points_transactions t on t.id = e.transaction_id join private.points_accounts a on a.id = e.account_id) l
    where l.kind <> 'budget' and l.balance < 0`, 'a line below zero').toHaveLength(0)
  expect((await sql<{ left: number }[]>`select private.budget_of(${station.home}, m) - private.budget_used(${station.home}, m) as left from private.month_at(${station.home}, now()) m`)[0]!.left, 'the budget').toBeGreaterThanOrEqual(0)
  const lines = await sql<{ balance: number, first: number, sum: number }[]>`
    select private.points_balance(a.id) as balance, (l.lines -> 0 ->> 'balance')::integer as first, (select sum((x.value ->> 'points')::integer)::integer from jsonb_array_elements(l.lines) x) as sum
    from private.points_accounts a cross join lateral (select private.points_lines(a.volunteer_id, 100000) as lines) l where a.volunteer_id = any (${volunteers}) and jsonb_array_length(l.lines) > 0`
  expect(lines.length).toBe(volunteers.length)
  for (const { balance, first, sum } of lines) expect([first, sum]).toEqual([balance, balance])
  // Paid and waiting together are what the hours are worth, except where points that were spent could not be taken back.
  expect(await sql`select h.place_id from private.patrol_hours h left join private.points_claims c on c.place_id = h.place_id where h.volunteer_id = any (${volunteers}) group by h.place_id, h.credit_minutes, h.rate having coalesce(sum(c.points), 0) < h.credit_minutes * h.rate / 60`, 'hours that earned too little').toHaveLength(0)
  expect(await sql`select c.id from private.points_claims c left join private.points_entries e on e.transaction_id = c.transaction_id and e.points = c.points where c.volunteer_id = any (${volunteers}) and c.transaction_id is not null and e.points is null`, 'a claim that was paid otherwise').toHaveLength(0)
  // Nobody waits whom the budget could pay; those who are first in line hold up the others only.
  await sql`select private.pay_claims(${station.home})`
  expect(await sql`select from (select c.points from private.points_claims c where c.station_id = ${station.home} and c.transaction_id is null and c.points > 0 order by c.number limit 1) first cross join private.month_at(${station.home}, now()) m
    where first.points <= private.budget_of(${station.home}, m) - private.budget_used(${station.home}, m)`, 'a claim that waits beside a budget that reaches').toHaveLength(0)
}, 180_000)
