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

const operations = 10_000

it(`a swarm of ${operations} operations side by side breaks neither room nor overlap, and leaves no place free beside somebody who waits`, async () => {
  const { sql, station } = world
  const volunteers = await Promise.all(Array.from({ length: 40 }, () => enrolled()))
  const shifts: string[] = []
  // Neighbours overlap by half: whoever is on one is kept from two others.
  for (let index = 0; index < 12; index++) shifts.push(await aShift({ startsIn: 48 + index, lasts: 2, maximum: 2 + index % 3 }))
  const pick = numbersFrom(7)
  const refused = new Map<string, number>()
  const trouble: unknown[] = []
  let next = 0

  const act = async (number: number) => {
    const [volunteer, shift] = [volunteers[pick(volunteers.length)]!, shifts[pick(shifts.length)]!]
    const kind = pick(20)
    if (kind < 10) return sql`select private.sign_up(${volunteer}, ${shift}) as answer`
    if (kind < 15) return sql`select private.leave_shift(${volunteer}, ${shift}) as answer`
    if (kind < 19) return sql`select private.answer_offer(${volunteer}, ${shift}) as answer`
    await sql`update public.shift_places set offered_until = now() - interval '1 second' where state = 'offered' and id in (select p.id from public.shift_places p join public.patrol_shifts s on s.id = p.shift_id where p.state = 'offered' and s.station_id = ${station.home} order by p.id limit 1 offset ${number % 3})`
    return sql`select jsonb_build_object('ok', true, 'did', private.advance_roster(${station.home})) as answer`
  }
  await Promise.all(Array.from({ length: 10 }, async () => {
    while (next < operations) {
      const number = next++
      await act(number).then(([row]) => {
        const { ok, code } = row!.answer as { ok: boolean, code?: string }
        refused.set(ok ? 'ok' : code ?? '?', (refused.get(ok ? 'ok' : code ?? '?') ?? 0) + 1)
      }, (error: unknown) => trouble.push(error))
    }
  }))

  expect(trouble).toEqual([])
  // The swarm did something of every kind.
  for (const end of ['ok', 'shift_overlap', 'already_signed_up', 'not_found']) expect(refused.get(end) ?? 0, end).toBeGreaterThan(0)
  expect(await sql`select s.id from public.patrol_shifts s join public.shift_places p on p.shift_id = s.id and p.state in ('confirmed', 'offered') where s.station_id = ${station.home} group by s.id having count(*) > s.maximum`, 'more people than room').toHaveLength(0)
  expect(await sql`select from public.shift_places a join public.shift_places b on a.volunteer_id = b.volunteer_id and a.id < b.id and a.period && b.period join public.patrol_shifts s on s.id = a.shift_id
    where s.station_id = ${station.home} and a.state in ('confirmed', 'offered') and b.state in ('confirmed', 'offered')`, 'somebody in two places').toHaveLength(0)
  await sql`select private.advance_roster(${station.home})`
  expect(await sql`
    select from public.patrol_shifts s join public.shift_places w on w.shift_id = s.id and w.state = 'waiting' join public.volunteers v on v.id = w.volunteer_id
    where s.station_id = ${station.home} and (select count(*) from public.shift_places p where p.shift_id = s.id and p.state in ('confirmed', 'offered')) < s.maximum and private.sign_up_gap(v, s, now()) is null`, 'a free place beside somebody who waits and could come').toHaveLength(0)
}, 180_000)
