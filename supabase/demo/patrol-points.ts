import type { TransactionSql } from 'postgres'

/** Points that the demo's station gives in a month. */
const budget = 600
/** Beyond the end of the shift, what the newest correction asks for. */
const lateMinutes = 35

/** The hours of the shifts behind the demo's volunteers, the points that they earned then, honours, and a correction that waits for a lead. */
export async function seedPoints(sql: TransactionSql, stationId: string): Promise<void> {
  const places = await sql<{ id: string }[]>`
    select q.id from public.shift_places q join public.patrol_shifts s on s.id = q.shift_id where s.station_id = ${stationId} and s.state = 'ended' and q.attended_at is not null order by lower(q.period), q.queue`
  // Earned one by one, so that each line bears the day of its patrol and not that of the seed.
  for (const { id } of places) {
    await sql`select private.count_hours(q.id, q.period, q.id) from public.shift_places q where q.id = ${id}`
    const [booked] = await sql<{ id: string }[]>`
      with claim as (select c.*, upper(q.period) as at from private.points_claims c join public.shift_places q on q.id = c.place_id where c.place_id = ${id} and c.points > 0),
      booking as (insert into private.points_transactions (station_id, at, kind, rule_code, cause_id) select c.station_id, c.at, 'earned', c.rule_code, c.cause_id from claim c returning id),
      entries as (insert into private.points_entries (transaction_id, account_id, points)
        select b.id, private.points_account(c.station_id, a.kind, case when a.kind = 'volunteer' then c.volunteer_id end), case when a.kind = 'volunteer' then c.points else -c.points end
        from claim c cross join booking b cross join (values ('budget'), ('volunteer')) a (kind))
      update private.points_claims c set transaction_id = b.id, earned_at = k.at from claim k cross join booking b where c.id = k.id returning b.id`
    if (!booked) throw new Error('a patrol of the demo earned nothing')
  }
  await sql`insert into private.points_budgets (station_id, month, points, set_at) values (${stationId}, date '2020-01-01', ${budget}, private.clock())`
  await sql`select private.give_honours(${stationId})`
  await sql`
    insert into private.hours_corrections (place_id, volunteer_id, asked, was, why, asked_at)
    select h.place_id, h.volunteer_id, tstzrange(lower(h.worked), upper(h.worked) + make_interval(mins => ${lateMinutes})), h.worked, '送一位走失的老人回家，晚了半个多小时。', private.clock() - interval '2 days'
    from private.patrol_hours h join public.volunteers v on v.id = h.volunteer_id where v.station_id = ${stationId} and v.state = 'enrolled' order by lower(h.worked) desc limit 1`
}
