import { anAccount, newPassword } from './arrange-night.ts'
import { createClients } from '#server/db/clients'
import { makeBallotPass } from '#server/domain/trust/ballot-pass'
import { sealText } from '#server/domain/trust/envelope'
import { rawPool } from './bench/station.ts'
import { keyRingOf } from './prepaid-challenge.ts'
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

/** What the bot sends to an account whose chat is linked: the pass of a link, for the web page. */
export async function aBallotPass(portal: Pick<Portal, 'dataDir' | 'supabaseUrl' | 'keys'>, email: string): Promise<string> {
  const keys = await keyRingOf(portal)
  const chat = keys.keyedHash('index', `chat of ${email}`)
  const pool = rawPool(portal, 1)
  await pool.query('insert into private.telegram_links (user_id, chat_hash, handle_sealed, linked_at) select u.id, $2, $3, private.clock() from auth.users u where u.email = $1 on conflict (user_id) do nothing', [email, chat, sealText(keys.secret('outbox').key, 'chat', 'chat', keys.secret('outbox').id)])
  await pool.end()
  const made = await makeBallotPass({ keys, clients: createClients({ url: portal.supabaseUrl, ...portal.keys }) }, chat)
  if (!made) throw new Error(`${email} may draw nothing`)
  return made.pass
}

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
