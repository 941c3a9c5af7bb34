// Ten volunteers sign up at once, and one reads the shifts of a station that has planned 10,000: within 30 ms each (p95).
import type pg from 'pg'
import { startPortal } from '../portal.ts'
import { measure, rawPool, report, send, type Figure } from './station.ts'

const goalMs = 30
const seconds = Number(process.env.BENCH_SECONDS ?? 8)
const people = 10
const portal = await startPortal({ env: { LINLI_LOG_LEVEL: 'warn', TRUST_PROXY: '1' } })

try {
  const pool = rawPool(portal)
  // Its lines end with the station, also when a figure could not be taken.
  pool.on('error', () => undefined)
  const emails = (await pool.query<{ email: string }>('select email from auth.users where encrypted_password <> \'\' and email like \'%@demo.linli\' order by email limit $1', [people])).rows.map(({ email }) => email)
  const shifts = await plan(pool, emails)
  const cookies = await Promise.all(emails.map(signIn))
  const figures: Record<string, Figure> = {}
  const signUp = async (n: number) => {
    const shift = shifts[Math.floor(n / cookies.length)]
    const { status } = await send(`${portal.url}/api/patrols/shifts/${shift}/signup`, { method: 'POST', body: {}, headers: { 'cookie': cookies[n % cookies.length] ?? '', 'sec-fetch-site': 'same-origin' } })
    return status === 200
  }
  const read = (path: string) => async () => {
    const { status, body } = await send(`${portal.url}${path}`, { headers: { cookie: cookies[0] ?? '' } })
    return status === 200 && body.length > 200
  }
  const [from, to] = [24, 48].map(hours => new Date(Date.now() + hours * 3_600_000).toISOString())
  const week = `from=${from}&to=${new Date(Date.now() + 192 * 3_600_000).toISOString()}`
  await measure(read('/api/patrols/own'), { parallel: 1, seconds: 1 })
  figures['sign-up, ten at once'] = await measure(signUp, { parallel: cookies.length, seconds: 60, count: shifts.length * cookies.length })
  figures['own page, 28 days'] = await measure(read('/api/patrols/own'), { parallel: 1, seconds })
  figures['open shifts of a day'] = await measure(read(`/api/patrols/shifts?from=${from}&to=${to}`), { parallel: 1, seconds })
  figures['open shifts of a day, ten readers'] = await measure(read(`/api/patrols/shifts?from=${from}&to=${to}`), { parallel: 10, seconds })
  const lead = await signIn('lead@demo.linli')
  figures['the desk\'s week'] = await measure(async () => (await send(`${portal.url}/api/desk/patrols?${week}`, { headers: { cookie: lead } })).status === 200, { parallel: 1, seconds })
  const [kept] = (await pool.query<{ shifts: number, places: number }>('select (select count(*)::integer from public.patrol_shifts) as shifts, (select count(*)::integer from public.shift_places) as places')).rows
  report('patrols', { goalMs, kept, figures })
  console.table(figures)
  process.stdout.write(`${JSON.stringify(kept)}, goal: p95 ${goalMs} ms\n`)
  await pool.end()
}
finally {
  await portal.stop()
}

async function signIn(email: string): Promise<string> {
  const response = await fetch(`${portal.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }, body: JSON.stringify({ email, password: 'linli-demo' }) })
  if (response.status !== 204) throw new Error(`${email}: ${response.status} ${await response.text()}`)
  return response.headers.getSetCookie().map(line => line.split(';')[0]).join('; ')
}

/** 300 volunteers, of whom some have the accounts; 10,000 shifts, of which every two hours of 27 days are ahead, the others behind with three people each. → ids of those ahead */
async function plan(pool: pg.Pool, emails: readonly string[]): Promise<string[]> {
  await pool.query('delete from public.shift_swaps')
  await pool.query('delete from public.shift_places')
  await pool.query('delete from public.volunteer_steps')
  await pool.query('delete from public.volunteers')
  await pool.query(`insert into public.volunteers (station_id, community_id, user_id, kinds, state, created_at, changed_at, no_shows_from)
    select c.station_id, c.id, u.id, '{patroller}'::public.volunteer_kind[], 'active'::public.volunteer_state, now(), now(), timestamptz '2020-01-01' from (select * from public.communities order by slug limit 1) c cross join (select id from auth.users where email = any ($1)) u
    union all select c.station_id, c.id, null, '{patroller}'::public.volunteer_kind[], 'active'::public.volunteer_state, now(), now(), timestamptz '2020-01-01' from (select * from public.communities order by slug limit 1) c cross join generate_series(1, 290)`, [emails])
  const { rows } = await pool.query<{ id: string }>(`
    insert into public.patrol_shifts (station_id, community_id, type_code, period, needed, maximum, kind, first_claims_until, created_at, revised_at)
    select c.station_id, c.id, 'on_foot', tstzrange(n.at, n.at + interval '2 hours'), 2, 30, 'patroller', now() - interval '1 hour', now(), now()
    from generate_series(1, 324) k cross join lateral (select date_trunc('hour', now()) + k * interval '2 hours' + interval '2 hours' as at) n cross join (select * from public.communities order by slug limit 1) c
    returning id`)
  await pool.query(`
    with past as (
      insert into public.patrol_shifts (station_id, community_id, type_code, period, needed, maximum, kind, first_claims_until, created_at, revised_at, state)
      select c.station_id, c.id, 'on_foot', tstzrange(n.at, n.at + interval '2 hours'), 2, 30, 'patroller', n.at - interval '1 day', n.at, n.at, 'ended'
      from generate_series(1, 9676) k cross join lateral (select date_trunc('hour', now()) - k * interval '2 hours' - interval '2 hours' as at) n cross join (select * from public.communities order by slug limit 1) c
      returning id, period
    ), numbered as (select id, period, row_number() over (order by period) as k from past), people as (select id, row_number() over (order by id) - 1 as k from public.volunteers)
    insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at, attended_at)
    select s.id, v.id, s.period, 'confirmed', false, lower(s.period) - interval '1 day', lower(s.period) from numbered s cross join generate_series(0, 2) d join people v on v.k = (s.k * 3 + d) % 300`)
  await pool.query('vacuum analyze public.patrol_shifts, public.shift_places, public.volunteers')
  return rows.map(({ id }) => id)
}
