import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Submission } from './reports-builder.ts'
import { fillStation } from './report-load.ts'
import { type Person, type World, buildWorld, sessionOf, signInStaff } from './world.ts'

/**
 * The inbox must cost the same at any size of the station. Milliseconds of a busy machine prove little, so the rows are counted that
 * Postgres touched: of 20,000 reports a page of 20 may look at 1,000, and never read the table from its start.
 */
const REPORTS = 20_000
const MOST_ROWS = 1_000

let world: World
/** Claims of each person's session, as PostgREST hands them to the database. */
const claims: Record<string, string> = {}

beforeAll(async () => {
  world = await buildWorld()
  await fillStation(world, REPORTS)
  for (const who of ['officer_wang', 'officer_li', 'lead_zhao', 'chief_sun', 'auditor_wu'] satisfies Person[]) {
    const { actor, session } = await world.actor(who)
    claims[who] = JSON.stringify({ role: 'authenticated', sub: actor, session_id: session })
  }
  claims.officer_of_a_quiet_community = await aQuietCommunity()
  await world.sql`analyze public.reports`
})
afterAll(() => world?.close())

describe.each(['officer_wang', 'officer_li', 'officer_of_a_quiet_community', 'lead_zhao', 'chief_sun', 'auditor_wu'])('%s at 20,000 reports', (who) => {
  it.each<[string, Submission]>([
    ['the newest', {}], ['what is new', { status: ['received'] }], ['what is theirs', { assigned: 'me' }], ['hidden ones', { view: 'hidden' }], ['unverified ones', { view: 'unverified' }],
    ['what is overdue', { overdue: true }], ['a page far back', { to: new Date(Date.now() - 500 * 86_400_000).toISOString() }],
  ])('reads %s by an index', async (_name, p) => {
    const touched = await rowsTouched(who, sql => sql`select public.list_reports(${sql.json(p as never)})`)

    expect(touched.whole_scans).toBe(0)
    expect(touched.rows).toBeLessThan(MOST_ROWS)
  })

  it('counts the work beside the sidebar by an index', async () => {
    const touched = await rowsTouched(who, sql => sql`select public.count_desk_work()`)

    expect(touched.whole_scans).toBe(0)
    // Postgres may collect every new report of the station before it stops at 100: a fifth of them here.
    expect(touched.rows).toBeLessThan(REPORTS / 4)
  })
})

it('the measure sees a table that is read from its start', async () => {
  const touched = await rowsTouched('lead_zhao', sql => sql`select count(*) from public.reports r where r.channel = 'nothing'`)

  expect(touched.whole_scans).toBeGreaterThan(0)
  expect(touched.rows).toBeGreaterThanOrEqual(REPORTS)
})

/** Rows of public.reports that one call reads, counted by Postgres within the transaction. */
async function rowsTouched(who: string, call: (sql: World['sql']) => Promise<unknown>): Promise<{ whole_scans: number, rows: number }> {
  let counted = { whole_scans: -1, rows: -1 }
  await world.sql.begin(async (transaction) => {
    const sql = transaction as unknown as World['sql']
    await sql`select set_config('request.jwt.claims', ${claims[who] ?? ''}, true)`
    const read = async () => (await sql<{ whole_scans: number, rows: number }[]>`
      select seq_scan::int as whole_scans, (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relid = 'public.reports'::regclass`)[0]!
    const before = await read()
    await call(sql)
    const after = await read()
    counted = { whole_scans: after.whole_scans - before.whole_scans, rows: after.rows - before.rows }
  })
  return counted
}

/** A community with the three oldest reports of the station: the case in which walking the station's index would read all of it. */
async function aQuietCommunity(): Promise<string> {
  const { sql, station, backend, community } = world
  const id = randomUUID()
  const persona = await backend.createUser('officer_of_a_quiet_community')
  await sql`insert into public.communities (id, station_id, slug, name, boundary) select ${id}, station_id, 'quiet-' || left(${id}, 8), name, boundary from public.communities where id = ${community.pingAn}`
  await sql`insert into public.staff (user_id, station_id, role, name, badge_number) values (${persona.id}, ${station.home}, 'officer', '{"zh": "x", "en": "x"}', ${persona.id})`
  await sql`insert into public.assignments (staff_id, community_id, from_on) values (${persona.id}, ${id}, '2020-01-01')`
  await sql`update public.reports set community_id = ${id}, grid_id = null where id in (select r.id from public.reports r where r.station_id = ${station.home} order by r.received_at limit 3)`
  return JSON.stringify({ role: 'authenticated', sub: persona.id, session_id: await sessionOf(await signInStaff(backend, persona)) })
}
