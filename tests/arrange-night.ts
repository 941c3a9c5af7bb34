import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { sealContact } from '../server/domain/patrols/volunteer-contact.ts'
import { openText } from '../server/domain/trust/envelope.ts'
import { codeOf } from '../server/domain/staff/totp.ts'
import { savedRouteSchema } from '../shared/patrols/patrol-schema.ts'
import { postersSchema } from '../shared/patrols/round-schema.ts'
import { openKeys, rawPool } from './bench/station.ts'
import { caller } from './desk-caller.ts'
import type { Portal } from './portal.ts'

/** A night to which these people have signed up, the first as its lead; it begins in so many minutes. No call plans so near, so its rows are written. */
export async function arrangeNight(portal: Portal, people: { email: string, name: string }[], { beginsIn = 10, route = null }: { beginsIn?: number, route?: string | null } = {}) {
  const keys = await openKeys(portal)
  const pool = rawPool(portal, 1)
  const shift = randomUUID()
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
  const volunteers: string[] = []
  for (const { email, name } of people) {
    const { rows: [row] } = await pool.query<{ id: string, user_id: string }>(`
      insert into public.volunteers (station_id, community_id, user_id, kinds, state, created_at, changed_at, no_shows_from)
      select c.station_id, c.id, u.id, '{patroller}', 'active', now(), now(), now() from public.communities c, auth.users u where c.slug = 'ping-an' and u.email = $1 returning id, user_id`, [email])
    if (!row) throw new Error(`nobody has the address ${email}`)
    const contact = { name, phone: '0000-555-0177', emergencyName: 'Bo', emergencyPhone: '0000-555-0178' }
    await pool.query('insert into private.volunteer_contacts (volunteer_id, contact_sealed) values ($1, $2)', [row.id, sealContact({ keys }, row.user_id, contact)])
    volunteers.push(row.id)
  }
  await pool.query(`insert into public.patrol_shifts (id, station_id, community_id, type_code, period, needed, maximum, kind, first_claims_until, lead_volunteer_id, route_id, created_at, revised_at)
    select $1, c.station_id, c.id, 'on_foot', tstzrange($2, $3), 2, 5, 'patroller', now() - interval '1 day', $4, $5, now(), now() from public.communities c where c.slug = 'ping-an'`, [shift, at(beginsIn), at(beginsIn + 60), volunteers[0], route])
  for (const volunteer of volunteers) await pool.query('insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at) select s.id, $2, s.period, \'confirmed\', false, now() - interval \'1 day\' from public.patrol_shifts s where s.id = $1', [shift, volunteer])
  return {
    shift,
    path: `/en/patrols/shifts/${shift}`,
    /** What the lead's phone showed so many seconds ago. */
    async codeOfBefore(seconds: number): Promise<string> {
      const { rows: [row] } = await pool.query<{ secret_sealed: string }>('select secret_sealed from private.patrol_nights where shift_id = $1', [shift])
      return codeOf(openText(keys.secret('outbox').key, row?.secret_sealed ?? '', `roll-call:${shift}`), Math.floor((Date.now() / 1000 - seconds) / 30))
    },
    /** Lets so many minutes pass for this night alone. */
    pass: (minutes: number) => pool.query('update public.patrol_shifts s set period = tstzrange(lower(s.period) - make_interval(mins => $2), upper(s.period) - make_interval(mins => $2)) where s.id = $1', [shift, minutes]),
    /** How the people checked in, in the order they signed up. */
    checkIns: async () => (await pool.query<{ how: string }>('select c.how from private.check_ins c join public.shift_places q on q.id = c.place_id where q.shift_id = $1 order by q.queue', [shift])).rows.map(({ how }) => how),
    close: () => pool.end(),
  }
}

/** A route with two checkpoints in Ping'an, and the addresses on their posters, as the desk prints them. */
export async function aRouteWithPosters(portal: Portal): Promise<{ route: string, addresses: string[] }> {
  const lead = await caller(portal.url, 'lead')
  const { communities } = z.object({ communities: z.array(z.object({ id: z.uuid(), slug: z.string(), grids: z.array(z.object({ id: z.uuid() })) })) }).parse((await lead.call('GET', 'desk/reference')).body)
  const pingAn = communities.find(({ slug }) => slug === 'ping-an')
  const checkpoints = ['East gate', 'Boiler house'].map((name, at) => ({ grid: pingAn?.grids[at]?.id, name: { zh: name, en: name } }))
  const { id } = savedRouteSchema.parse((await lead.call('POST', 'desk/patrols/routes', { community: pingAn?.id, name: { zh: '东线', en: `East ${randomUUID().slice(0, 4)}` }, checkpoints })).body)
  const { posters } = postersSchema.parse((await lead.call('POST', `desk/patrols/routes/${id}/posters`, {})).body)
  return { route: id, addresses: posters.map(({ address }) => new URL(address).pathname.replace('/zh/', '/en/')) }
}
