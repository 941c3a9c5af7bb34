import { randomUUID } from 'node:crypto'
import type { SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHash, aNamedReport, aReport, answerOf } from './reports-builder.ts'
import { type Outcome, type Role, matrix, roles, scopes } from './role-matrix.ts'
import { type World, buildWorld } from './world.ts'

let world: World
const clients = new Map<Role, SupabaseClient>()
/** For each table the label of each row by its key. */
const rows: Record<string, Record<string, string>> = {}

beforeAll(async () => {
  world = await buildWorld()
  for (const role of roles) clients.set(role, role === 'guest' ? world.guest : role === 'server' ? world.server : await world.as(role))
  await arrange(world)
})
afterAll(() => world?.close())

describe.each(roles)('%s', (role) => {
  it.each(Object.keys(matrix))('reads of %s what the matrix says', async (name) => {
    const table = matrix[name]!
    const { data, error } = await clients.get(role)!.from(name).select(table.columns).in(table.key, Object.keys(rows[name]!))
    expect(error ? outcomeOf(error) : describeRows(name, data as unknown as Record<string, unknown>[])).toEqual(expected(name, table.select[role]))
  })

  it.each(Object.keys(matrix))('writes of %s what the matrix says', async (name) => {
    const { key, ...table } = matrix[name]!
    const [value] = Object.keys(rows[name]!)
    const client = clients.get(role)!

    const inserted = await client.from(name).insert({ [key]: value } as never)
    const updated = await client.from(name).update({ [key]: value } as never).eq(key, value!).select(key)
    const deleted = await client.from(name).delete().eq(key, value!).select(key)

    expect({ insert: outcomeOf(inserted.error), update: outcomeOf(updated.error, updated.data), delete: outcomeOf(deleted.error, deleted.data) })
      .toEqual({ insert: table.insert[role], update: table.update[role], delete: table.delete[role] })
  })
})

it('the matrix has a row for every table of schema public and no other', async () => {
  const tables = await world.sql<{ name: string }[]>`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p', 'v', 'm', 'f')`

  expect(tables.map(table => table.name).sort()).toEqual(Object.keys(matrix).sort())
})

function outcomeOf(error: { code: string } | null, data?: unknown): unknown {
  if (error?.code === '42501') return 'denied'
  if (error) return `error ${error.code}`
  return Array.isArray(data) && data.length === 0 ? 'none' : 'done'
}

function expected(name: string, outcome: Outcome): unknown {
  if (outcome === 'denied') return 'denied'
  if (outcome === 'none') return []
  return [...scopes[name]?.[outcome.slice('rows:'.length)] ?? [`no scope ${outcome}`]].sort()
}

function describeRows(name: string, data: Record<string, unknown>[]): string[] {
  const { key } = matrix[name]!
  return [...new Set(data.map(row => rows[name]![String(row[key])] ?? 'a foreign row'))].sort()
}

/** One row of each kind in each table, so that every scope has something to show and something to hide. */
async function arrange({ sql, station, community, grid, person, ...rest }: World) {
  const world = { sql, station, community, grid, person, ...rest }
  const text = sql.json({ zh: '测试', en: 'Test' })
  const [inactiveCommunity, inactiveGrid, office, template] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  await sql`insert into public.communities (id, station_id, slug, name, boundary, is_active) select ${inactiveCommunity}, station_id, 'closed-' || left(${inactiveCommunity}, 8), name, boundary, false from public.communities where id = ${community.pingAn}`
  await sql`insert into public.grids (id, community_id, code, name, boundary, centre_lat, centre_lng, is_active) select ${inactiveGrid}, community_id, 'Z9', name, boundary, 40, 116, false from public.grids where id = ${grid.pingAn}`
  await sql`insert into public.police_offices (id, community_id, name, address, phone, reception_hours) values (${office}, ${community.pingAn}, ${text}, ${text}, '110', ${text})`
  await sql`insert into public.response_templates (id, slug, status, name, body) values (${template}, ${`t-${template.slice(0, 8)}`}, 'message', ${text}, ${text})`
  await sql`insert into public.profiles (user_id, community_id) values (${person.amina_resident.id}, ${community.pingAn}), (${person.bo_resident.id}, null)`

  const reports = {
    ping_an: await aReport(world),
    chang_le: await aReport(world, { community: community.changLe, grid: grid.changLe }),
    no_place: await aReport(world, { community: null, grid: null }),
    owned: await aNamedReport(world, 'amina_resident'),
    sealed: await aReport(world, { contact_mode: 'sealed', community: community.changLe, grid: grid.changLe, owner_hash: aHash(), ...await world.actor('amina_resident') }),
    assigned_to_li: await aReport(world),
    about_sun: await aReport(world, { category: 'test_police', about_staff: [person.chief_sun.id] }),
    far: await aReport(world, { station: station.far, community: community.far, grid: grid.far }),
  }
  const lead = await world.as('lead_zhao')
  await answerOf(lead.rpc('assign_report', { p_reference: reports.assigned_to_li.reference, p_staff: person.officer_li.id }))
  for (const { id } of Object.values(reports)) {
    const revisit = randomUUID()
    await sql`insert into public.revisits (id, report_id, step, opened_at) values (${revisit}, ${id}, 1, now())`
    await sql`insert into public.revisit_suggestions (revisit_id, report_id, at, text_sealed, owner_id, due_on) values (${revisit}, ${id}, now(), 'v1.x', ${person.chief_sun.id}, '2026-12-01')`
  }
  for (const at of [station.home, station.far]) await sql`insert into public.calendar_days (station_id, day, kind, name) values (${at}, '2026-10-01', 'holiday', ${text})`
  const shifts: Record<string, string> = {}
  for (const [label, at, who] of [['home', station.home, person.officer_wang.id], ['far', station.far, person.chief_far.id]] as const) {
    const id = randomUUID()
    await sql`insert into public.duty_shifts (id, station_id, staff_id, starts_at, ends_at, set_by) values (${id}, ${at}, ${who}, '2026-01-01T00:00:00Z', '2026-01-01T12:00:00Z', ${who})`
    shifts[id] = label
  }
  const releases: Record<string, string> = {}
  for (const [label, at] of [['home', station.home], ['far', station.far]] as const) {
    const [release] = await sql<{ id: string }[]>`insert into public.figure_releases (station_id, period, starts_on, released_at) values (${at}, 'month', '2026-01-01', now()) returning id`
    await sql`insert into public.published_figures (release_id, measure, scope, base, count) values (${release?.id ?? ''}, 'visits', 'station', 20, 15)`
    releases[release?.id ?? ''] = label
  }
  const found: Record<string, string> = {}
  for (const [label, at, by] of [['home', station.home, person.chief_sun.id], ['far', station.far, person.chief_far.id]] as const) {
    const survey = randomUUID()
    await sql`insert into private.surveys (id, station_id, series_id, definition, opens_at, closes_at, closed_at, written_by, written_at, approved_by, approved_at) values (${survey}, ${at}, ${survey}, '{"questions": []}', '2025-12-01', '2025-12-10', '2025-12-10', ${by}, '2025-11-30', ${by}, '2025-11-30')`
    const [release] = await sql<{ id: string }[]>`insert into public.figure_releases (station_id, topic, period, starts_on, released_at, survey_id) values (${at}, 'surveys', 'survey', '2025-12-10', now(), ${survey}) returning id`
    await sql`insert into public.published_surveys (release_id, survey_id, results) values (${release?.id ?? ''}, ${survey}, '{}')`
    found[release?.id ?? ''] = label
  }
  const notices: Record<string, string> = {}
  await sql.begin(async (owner) => {
    // Without the trigger that asks whether the reporter heard: this is about who reads.
    await owner`set local session_replication_role = replica`
    for (const label of ['published', 'draft', 'withdrawn'] as const) {
      const [notice] = await owner<{ id: string }[]>`
        insert into public.case_notices (station_id, community_id, title, body, edited_at, edited_by, published_at, published_by, withdrawn_at)
        values (${station.home}, ${community.pingAn}, ${sql.json({ zh: '案件已破', en: 'Solved' })}, ${sql.json({ zh: '平安里的一起案件已经破获。', en: 'A case was solved.' })}, now(), ${person.officer_wang.id},
          ${label === 'draft' ? null : new Date()}, ${label === 'draft' ? null : person.lead_zhao.id}, ${label === 'withdrawn' ? new Date() : null}) returning id`
      notices[notice?.id ?? ''] = label
    }
  })
  const alerts: Record<string, string> = {}
  const earlier = randomUUID()
  await sql`insert into public.alerts (id, station_id, chain_id, kind, event_code, urgency, severity, certainty, expires_at, created_at, created_by, edited_at, edited_by)
    values (${earlier}, ${station.home}, ${earlier}, 'tip', 'burglary', 'Future', 'Minor', 'Possible', now() + interval '1 day', now(), ${person.lead_zhao.id}, now(), ${person.lead_zhao.id})`
  for (const [label, at, where, by] of [['published', station.home, community.pingAn, person.lead_zhao.id], ['draft', station.home, community.pingAn, person.lead_zhao.id], ['far', station.far, community.far, person.chief_far.id]] as const) {
    const id = randomUUID()
    await sql`insert into public.alerts (id, station_id, chain_id, kind, event_code, urgency, severity, certainty, expires_at, community_ids, created_at, created_by, edited_at, edited_by)
      values (${id}, ${at}, ${id}, 'tip', 'burglary', 'Future', 'Minor', 'Possible', now() + interval '1 day', ${[where]}, now(), ${by}, now(), ${by})`
    await sql`insert into public.alert_texts (alert_id, locale, headline, description) values (${id}, 'zh', '出门关好门窗', '出门请关好门窗。')`
    await sql`insert into public.alert_areas (alert_id, number, station_id, kind, community_id, shape, label, community_ids, grid_ids) select ${id}, 1, ${at}, 'community', c.id, c.boundary, c.name, array[c.id], '{}' from public.communities c where c.id = ${where}`
    if (label !== 'far') await sql`insert into public.alert_references (alert_id, referenced_id) values (${id}, ${earlier})`
    if (label !== 'draft') await sql`update public.alerts set state = 'published', published_at = now(), published_by = ${by}, content = '{}', statement = '{}', changed_number = nextval('private.alert_changes') where id = ${id}`
    alerts[id] = label
  }
  const reportRows = Object.fromEntries(Object.entries(reports).map(([label, { id }]) => [id, label]))

  const bans: Record<string, string> = {}
  for (const [label, at, by] of [['owned', station.home, person.chief_sun.id], ['about_sun', station.home, person.chief_qian.id], ['far', station.far, person.chief_far.id]] as const) {
    const id = randomUUID()
    await sql`insert into public.bans (id, station_id, kind, subject_hash, report_id, reason, created_by, created_at) values (${id}, ${at}, 'account', ${aHash()}, ${reports[label].id}, 'insults', ${by}, now())`
    bans[id] = label
  }
  const proposals: Record<string, string> = {}
  for (const [label, at, by, about] of [['about_wang', station.home, person.admin_zheng.id, person.officer_wang.id], ['about_far', station.far, person.admin_zheng.id, person.chief_far.id]] as const) {
    const id = randomUUID()
    await sql`insert into public.staff_proposals (id, station_id, kind, subject_id, role, reason, proposed_by, proposed_at) values (${id}, ${at}, 'change_role', ${about}, 'lead', 'a new post', ${by}, now())`
    proposals[id] = label
  }
  const assignments = await sql<{ id: string, staff_id: string }[]>`select id, staff_id from public.assignments where staff_id in (${person.officer_wang.id}, ${person.officer_li.id})`

  Object.assign(rows, {
    stations: { [station.home]: 'home', [station.far]: 'far' },
    communities: { [community.pingAn]: 'ping_an', [community.changLe]: 'chang_le', [community.far]: 'far', [inactiveCommunity]: 'inactive' },
    grids: { [grid.pingAn]: 'ping_an', [grid.changLe]: 'chang_le', [grid.far]: 'far', [inactiveGrid]: 'inactive' },
    police_offices: { [office]: 'ping_an' },
    categories: { test_noise: 'noise', test_police: 'police', test_closed: 'closed' },
    category_questions: { test_noise: 'noise' },
    staff: { [person.officer_wang.id]: 'officer_wang', [person.chief_sun.id]: 'chief_sun', [person.chief_far.id]: 'chief_far' },
    assignments: Object.fromEntries(assignments.map(row => [row.id, row.staff_id === person.officer_wang.id ? 'wang' : 'li'])),
    staff_proposals: proposals,
    response_templates: { [template]: 'thanks' },
    audit_log: { [reports.ping_an.id]: 'ping_an', [reports.about_sun.id]: 'about_sun', [reports.far.id]: 'far' },
    outbox: { [reports.owned.id]: 'owned' },
    profiles: { [person.amina_resident.id]: 'amina', [person.bo_resident.id]: 'bo' },
    bans,
    figure_releases: { [station.home]: 'home', [station.far]: 'far' },
    published_figures: releases,
    published_surveys: found,
    case_notices: notices,
    alert_events: { burglary: 'burglary' },
    alerts, alert_texts: alerts, alert_areas: alerts, alert_references: alerts,
    alert_templates: { 'gas-leak': 'gas_leak' },
    calendar_days: { [station.home]: 'home', [station.far]: 'far' },
    duty_shifts: shifts,
    // No right at all: a permission is refused before a row is looked for.
    patrol_skills: { first_aid: 'first_aid' }, shift_types: { on_foot: 'on_foot' },
    ...Object.fromEntries(['volunteers', 'volunteer_steps', 'volunteer_skills', 'patrol_routes', 'patrol_checkpoints', 'shift_series', 'patrol_shifts', 'shift_places', 'shift_swaps'].map(name => [name, { [randomUUID()]: 'none' }])),
    ...Object.fromEntries(['reports', 'report_events', 'report_messages', 'report_notes', 'report_attachments', 'report_followers', 'revisits', 'revisit_suggestions'].map(name => [name, reportRows])),
  })
}
