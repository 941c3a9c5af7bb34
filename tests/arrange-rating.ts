import { anAccount, newPassword } from './arrange-night.ts'
import { rawPool } from './bench/station.ts'
import type { Portal } from './portal.ts'
import { runJobs } from './run-jobs.ts'

/** An account of its own whose holder is a verified resident of Ping'an. → address; the password is `newPassword` */
export async function aVerifiedResident(portal: Pick<Portal, 'dataDir' | 'supabaseUrl' | 'keys'>): Promise<string> {
  const email = await anAccount(portal)
  const pool = rawPool(portal, 1)
  await pool.query('insert into private.verifications (user_id, community_id, method, verified_on) select u.id, c.id, \'code\', current_date from auth.users u, public.communities c where u.email = $1 and c.slug = \'ping-an\'', [email])
  await pool.end()
  return email
}
export { newPassword }

/** A round about every officer that is open now, whatever day of the month it is; the job makes the keys of its ballots. */
export async function openRatingRound(portal: Pick<Portal, 'dataDir'>): Promise<void> {
  const pool = rawPool(portal, 1)
  await pool.query(`insert into private.rating_rounds (station_id, month, opens_at, closes_at)
    select s.id, date_trunc('month', private.clock() at time zone s.time_zone)::date, private.clock() - interval '1 hour', private.clock() + interval '3 days' from public.stations s where s.is_default
    on conflict (station_id, month) do update set opens_at = excluded.opens_at, closes_at = excluded.closes_at, closed_at = null`)
  await pool.query(`insert into private.rating_subjects (round_id, community_id, officer_id, eligible)
    select r.id, c.id, a.staff_id, 5 from private.rating_rounds r join public.communities c on c.station_id = r.station_id join public.assignments a on a.community_id = c.id and a.kind = 'officer' and a.to_on is null where r.closed_at is null on conflict do nothing`)
  await pool.query('update private.ballot_keys k set closes_at = r.closes_at from private.rating_subjects s join private.rating_rounds r on r.id = s.round_id where k.occasion_id = s.id and r.closed_at is null')
  await pool.end()
  await runJobs(portal.dataDir)
}
