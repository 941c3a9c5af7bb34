import type { TransactionSql } from 'postgres'
import type { DemoPeople } from './people.ts'

/** Weeks of the roster: the last one, this one, and as many as somebody may move the demo's clock ahead. */
const weeks = { before: 1, after: 26 }

/** Two officers share the days and nights from Monday to Monday, without a gap: nobody looks at an empty station. */
export async function seedDutyRoster(sql: TransactionSql, stationId: string, people: DemoPeople): Promise<void> {
  await sql`
    insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, taken_over_at, set_by)
    select s.id, case when (extract(doy from d)::integer + n) % 2 = 0 then ${people.staff.officer.id}::uuid else ${people.staff.officer2.id}::uuid end,
      t.starts_at, t.starts_at + interval '12 hours', case when t.starts_at < private.clock() then t.starts_at end, ${people.staff.lead.id}
    from public.stations s
    cross join generate_series(date_trunc('week', private.clock() at time zone s.time_zone) - make_interval(weeks => ${weeks.before}),
      date_trunc('week', private.clock() at time zone s.time_zone) + make_interval(weeks => ${weeks.after}), interval '1 day') d
    cross join generate_series(0, 1) n
    cross join lateral (select (d + interval '8 hours' + n * interval '12 hours') at time zone s.time_zone as starts_at) t
    where s.id = ${stationId}`
}
