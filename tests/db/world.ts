import { randomBytes, randomUUID } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { inject } from 'vitest'
import { z } from 'zod'
import { type BackendAddress, type Persona, type TestBackend, connectTestBackend } from '../../supabase/embedded/test-backend.ts'

/** Everyone who appears in the suite. The station is Ping'an and Chang'le's; `chief_far` leads another one. */
const cast = {
  officer_wang: { role: 'officer', station: 'home', looksAfter: 'pingAn' },
  officer_li: { role: 'officer', station: 'home', looksAfter: 'changLe' },
  lead_zhao: { role: 'lead', station: 'home' },
  chief_sun: { role: 'chief', station: 'home' },
  chief_qian: { role: 'chief', station: 'home' },
  chief_far: { role: 'chief', station: 'far' },
  auditor_wu: { role: 'auditor', station: 'home' },
  admin_zheng: { role: 'admin', station: 'home' },
} as const
export type Staff = keyof typeof cast
export type Resident = 'amina_resident' | 'bo_resident'
export type Person = Staff | Resident

export type World = {
  backend: TestBackend
  sql: TestBackend['sql']
  station: { home: string, far: string }
  community: { pingAn: string, changLe: string, far: string }
  grid: { pingAn: string, changLe: string, far: string }
  person: Record<Person, Persona>
  guest: SupabaseClient
  /** The portal's own client, with the secret key. */
  server: SupabaseClient
  /** A client with this person's session; signed in once. */
  as: (person: Person) => Promise<SupabaseClient>
  /** What the server sends beside a signed-in person's call (RULES A2). */
  actor: (person: Person) => Promise<{ actor: string, session: string }>
  close: () => Promise<void>
}

/** Builds two stations with staff, residents, communities and grids that no other test file touches. @param address a backend of one's own, else the suite's */
export async function buildWorld(address: BackendAddress = inject('backend')): Promise<World> {
  const backend = connectTestBackend(address)
  const { sql } = backend
  const mark = randomBytes(5).toString('hex')
  const station = { home: randomUUID(), far: randomUUID() }
  const community = { pingAn: randomUUID(), changLe: randomUUID(), far: randomUUID() }
  const grid = { pingAn: randomUUID(), changLe: randomUUID(), far: randomUUID() }
  const name = sql.json({ zh: '测试', en: 'Test' })
  const square = sql.json({ type: 'Polygon', coordinates: [[[116, 40], [117, 40], [117, 41], [116, 40]]] })
  for (const key of ['home', 'far'] as const) {
    await sql`insert into public.stations (id, slug, name) values (${station[key]}, ${`${key}-${mark}`}, ${name})`
  }
  for (const key of ['pingAn', 'changLe', 'far'] as const) {
    await sql`insert into public.communities (id, station_id, slug, name, boundary)
      values (${community[key]}, ${key === 'far' ? station.far : station.home}, ${`${key.toLowerCase()}-${mark}`}, ${name}, ${square})`
    await sql`insert into public.grids (id, community_id, code, name, boundary, centre_lat, centre_lng) values (${grid[key]}, ${community[key]}, 'A1', ${name}, ${square}, 40.5, 116.5)`
  }
  await arrangeCategories(sql)
  const people = [...Object.keys(cast) as Staff[], 'amina_resident', 'bo_resident'] as const
  const made = await Promise.all(people.map(async who => [who, await backend.createUser(who)] as const))
  const person = Object.fromEntries(made) as Record<Person, Persona>
  for (const [who, post] of Object.entries(cast)) {
    const { id } = person[who as Staff]
    await sql`insert into public.staff (user_id, station_id, role, name, badge_number) values (${id}, ${station[post.station]}, ${post.role}, ${sql.json({ zh: who, en: who })}, ${who})`
    if ('looksAfter' in post) await sql`insert into public.assignments (staff_id, community_id, from_on) values (${id}, ${community[post.looksAfter]}, '2020-01-01')`
  }
  const clients = new Map<Person, Promise<SupabaseClient>>()
  const as = (who: Person) => {
    const known = clients.get(who) ?? (who in cast ? signInStaff(backend, person[who]) : backend.signInAs(person[who]))
    clients.set(who, known)
    return known
  }
  return {
    backend, sql, station, community, grid, person, as,
    guest: backend.guestClient(),
    server: backend.serviceClient(),
    actor: async who => ({ actor: person[who].id, session: await sessionOf(await as(who)) }),
    close: () => backend.stop(),
  }
}

/** A session of staff in which a second factor was shown just now (RULES A5). */
export async function signInStaff(backend: TestBackend, persona: Persona): Promise<SupabaseClient> {
  const client = await backend.signInAs(persona)
  await openDesk(backend.sql, persona.id, await sessionOf(client))
  return client
}

/** As after a right code: the person has a second factor, and this session has shown it. */
export async function openDesk(sql: TestBackend['sql'], user: string, session: string): Promise<void> {
  await sql`insert into private.staff_factors (user_id, secret_sealed, confirmed_at) values (${user}, 'v1.test.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA', now()) on conflict (user_id) do nothing`
  await sql`insert into private.staff_sessions (session_id, user_id, verified_at, proved_at, seen_at) values (${session}, ${user}, now(), now(), now() + interval '1 day')`
}

/** The id of the session behind a client's token. */
export async function sessionOf(client: SupabaseClient): Promise<string> {
  const { data } = await client.auth.getSession()
  const [, payload = ''] = (data.session?.access_token ?? '').split('.')
  return z.object({ session_id: z.uuid() }).parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))).session_id
}

/** Categories are the same for all stations, so every file arranges the same ones. */
async function arrangeCategories(sql: TestBackend['sql']) {
  const text = sql.json({ zh: '测试', en: 'Test' })
  const rows = [
    { code: 'test_noise', visibility: 'public', urgency: 'normal', police: false },
    { code: 'test_theft', visibility: 'private', urgency: 'normal', police: false },
    { code: 'test_violence', visibility: 'private', urgency: 'urgent', police: false },
    { code: 'test_police', visibility: 'private', urgency: 'normal', police: true },
    { code: 'test_closed', visibility: 'private', urgency: 'normal', police: false, isActive: false },
  ]
  for (const row of rows) {
    await sql`insert into public.categories (code, "group", visibility, urgency, name, description, guidance, retention_days, is_about_police, is_active)
      values (${row.code}, 'test', ${row.visibility}, ${row.urgency}, ${text}, ${text}, ${text}, 365, ${row.police}, ${row.isActive ?? true}) on conflict (code) do nothing`
  }
  await sql`insert into public.category_questions (category_code, code, kind, label) values ('test_noise', 'when', 'text', ${text}) on conflict do nothing`
}
