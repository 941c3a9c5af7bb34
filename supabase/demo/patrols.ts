import { randomUUID } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import { sealContact } from '../../server/domain/patrols/volunteer-contact.ts'
import type { KeyRing } from '../../server/domain/trust/key-ring.ts'
import { insertVolunteer, type DemoPeople } from './people.ts'
import { seedPoints } from './patrol-points.ts'
import { seedRewards } from './patrol-rewards.ts'
import type { DemoPlaces } from './places.ts'

interface Plan { key: string, name: string, phone: string, kinds: string[], state: string, attended: number, steps: readonly string[] }

const allSteps = ['applied', 'review', 'assess', 'enrol', 'activate'] as const
const stateAfter: Record<string, string> = { applied: 'applied', review: 'station_reviewed', assess: 'assessed', enrol: 'enrolled', activate: 'active', refuse: 'refused' }

/** On the roster of Ping'an in several states; the first is the demo account `volunteer`. */
const volunteers: readonly Plan[] = [
  { key: 'volunteer', name: '李建国', phone: '0000-555-0181', kinds: ['patroller', 'mediator'], state: 'active', attended: 6, steps: allSteps },
  { key: 'volunteer2', name: '周秀兰', phone: '0000-555-0182', kinds: ['patroller'], state: 'active', attended: 5, steps: allSteps },
  { key: 'volunteer3', name: '马强', phone: '0000-555-0183', kinds: ['patroller', 'information'], state: 'enrolled', attended: 1, steps: allSteps.slice(0, 4) },
  { key: 'volunteer4', name: '孙悦', phone: '0000-555-0184', kinds: ['building_contact'], state: 'applied', attended: 0, steps: allSteps.slice(0, 1) },
  { key: 'volunteer5', name: '冯涛', phone: '0000-555-0185', kinds: ['patroller'], state: 'refused', attended: 0, steps: ['applied', 'refuse'] },
]

/** A route, volunteers in several states, the shifts behind them, and a weekly patrol that begins two days from now. */
export async function seedPatrols(sql: TransactionSql, keys: KeyRing, { now, stationId, communityIds, grids, people }: { now: Date, people: DemoPeople } & DemoPlaces): Promise<void> {
  const community = communityIds.get('ping-an')
  if (!community) throw new Error('the demo has no ping-an')
  const { staff } = people
  const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
  const route = await seedRoute(sql, stationId, community, [...grids.values()].filter(({ communityId }) => communityId === community).map(({ id }) => id))

  const ids = new Map<string, string>()
  for (const { key, name, phone, kinds, state, steps } of volunteers) {
    const person = key === 'volunteer' ? people.residents.volunteer : await insertVolunteer(sql, key)
    const id = randomUUID()
    ids.set(key, id)
    await sql`insert into public.volunteers ${sql({
      id, station_id: stationId, community_id: community, user_id: person.id, kinds: `{${kinds.join(',')}}`, state, availability: sql.json({ 5: ['evening'], 6: ['evening', 'night'] }), created_at: days(-120), changed_at: days(-120 + 2 * steps.length),
      reviewed_by: steps.includes('review') ? staff.officer.id : null, refused_reason: state === 'refused' ? '白天和夜间都在外地工作，暂时不能参加。' : null, no_shows_from: days(-120),
    })}`
    await sql`insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (${id}, ${sealContact({ keys }, person.id, { name, phone, emergencyName: '家人', emergencyPhone: '0000-555-0190' })})`
    for (const [index, act] of steps.entries()) {
      await sql`insert into public.volunteer_steps (volunteer_id, at, from_state, to_state, act, actor_id, note)
        values (${id}, ${days(-120 + 2 * index)}, ${index > 0 ? stateAfter[steps[index - 1] ?? ''] ?? null : null}, ${stateAfter[act] ?? state}, ${act}, ${actorOf(act, staff)}, ${act === 'refuse' ? '暂时不能参加，欢迎以后再来。' : null})`
    }
  }
  await seedEarlierShifts(sql, { stationId, community, route, ids, at: days })
  await seedPoints(sql, stationId)
  await seedRewards(sql, keys, { stationId, leadId: staff.lead.id, volunteerId: ids.get('volunteer') ?? '', holder: volunteers[0]?.name ?? '', issuedAt: days(-3) })
  await seedSeries(sql, { stationId, community, route, ids, leadId: staff.lead.id, first: days(2) })
}

const actorOf = (act: string, { officer, lead }: DemoPeople['staff']) => act === 'applied' ? null : act === 'review' ? officer.id : lead.id

async function seedRoute(sql: TransactionSql, stationId: string, community: string, gridIds: string[]): Promise<string> {
  const id = randomUUID()
  await sql`insert into public.patrol_routes (id, station_id, community_id, name) values (${id}, ${stationId}, ${community}, ${sql.json({ zh: '老街夜巡线', en: 'Old Street at night' })})`
  const names = [{ zh: '老街牌坊', en: 'Old Street arch' }, { zh: '学府街路口', en: 'Xuefu Street corner' }, { zh: '车棚', en: 'Bicycle shed' }]
  for (const [index, name] of names.entries()) {
    await sql`insert into public.patrol_checkpoints (route_id, community_id, grid_id, position, name) values (${id}, ${community}, ${gridIds[index % gridIds.length] ?? null}, ${index + 1}, ${sql.json(name)})`
  }
  return id
}

interface Roster { stationId: string, community: string, route: string, ids: ReadonlyMap<string, string> }

/** One a week, the newest a week ago: who came is written down. */
async function seedEarlierShifts(sql: TransactionSql, { stationId, community, route, ids, at }: Roster & { at: (days: number) => Date }): Promise<void> {
  const most = Math.max(...volunteers.map(({ attended }) => attended))
  for (let number = 1; number <= most; number++) {
    const [shift] = await sql<{ id: string }[]>`
      insert into public.patrol_shifts (station_id, community_id, type_code, route_id, period, needed, maximum, state, first_claims_until, created_at, revised_at)
      select ${stationId}, ${community}, 'night_watch', ${route}, tstzrange(t.starts_at, t.starts_at + interval '2 hours'), 2, 4, 'ended', ${at(-7 * number - 9)}, ${at(-7 * number - 10)}, ${at(-7 * number - 10)}
      from public.stations s cross join lateral (select (date_trunc('day', ${at(-7 * number)}::timestamptz at time zone s.time_zone) + interval '19 hours 30 minutes') at time zone s.time_zone as starts_at) t where s.id = ${stationId} returning id`
    for (const { key, state, attended } of volunteers) {
      if (attended < number) continue
      await sql`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at, attended_at, reminded_day_at, reminded_hours_at)
        select s.id, ${ids.get(key) ?? null}, s.period, 'confirmed', ${state === 'enrolled'}, s.created_at, lower(s.period), lower(s.period), lower(s.period) from public.patrol_shifts s where s.id = ${shift?.id ?? null}`
    }
  }
}

/** Every week from the day after tomorrow, at half past seven in the evening. Two have signed up for the next two, one for the third; the fourth waits for whoever looks around. */
async function seedSeries(sql: TransactionSql, { stationId, community, route, ids, leadId, first }: Roster & { leadId: string, first: Date }): Promise<void> {
  const id = randomUUID()
  await sql`
    insert into public.shift_series (id, station_id, community_id, type_code, route_id, weekdays, starts_at_local, duration_minutes, from_on, until_on, needed, maximum, created_by, created_at)
    select ${id}, s.id, ${community}, 'night_watch', ${route}, array[extract(isodow from ${first}::timestamptz at time zone s.time_zone)::smallint], '19:30', 120,
      (${first}::timestamptz at time zone s.time_zone)::date, (${first}::timestamptz at time zone s.time_zone)::date + 21, 2, 4, ${leadId}, private.clock() from public.stations s where s.id = ${stationId}`
  await sql`select private.write_series(e) from public.shift_series e where e.id = ${id}`
  // Nobody has to wait for first claims to be over before they can try one.
  await sql`update public.patrol_shifts set first_claims_until = private.clock() where series_id = ${id}`
  for (const [key, weeks] of [['volunteer', 2], ['volunteer2', 3]] as const) {
    await sql`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at) select s.id, ${ids.get(key) ?? null}, s.period, 'confirmed', false, private.clock() from public.patrol_shifts s where s.series_id = ${id} order by lower(s.period) limit ${weeks}`
  }
}
