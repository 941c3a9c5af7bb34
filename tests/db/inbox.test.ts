import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Submission, aReport, answerOf } from './reports-builder.ts'
import { fillStation } from './report-load.ts'
import { type Staff, type World, buildWorld } from './world.ts'

const page = z.object({
  ok: z.literal(true),
  reports: z.array(z.looseObject({ id: z.string(), reference: z.string(), received_at: z.string(), status: z.string() })),
  next_cursor: z.object({ received_at: z.string(), id: z.string() }).nullable(),
})
const desk: Staff[] = ['officer_wang', 'officer_li', 'lead_zhao', 'chief_sun', 'chief_qian', 'chief_far', 'auditor_wu']

let world: World
const list = async (who: Staff, p: unknown) => page.parse(await answerOf((await world.as(who)).rpc('list_reports', { p })))

/** Every row of a filter, page by page. */
async function listAll(who: Staff, p: Submission = {}, limit = 100) {
  const rows: z.infer<typeof page>['reports'] = []
  for (let cursor: unknown; ;) {
    const answer = await list(who, { ...p, limit, ...cursor ? { cursor } : {} })
    rows.push(...answer.reports)
    if (!answer.next_cursor) return rows
    cursor = answer.next_cursor
  }
}

/** What the database's one rule says, row by row; `where` is a piece of SQL of the test itself. */
async function seenBy(who: Staff, where = 'true'): Promise<string[]> {
  const rows = await world.sql.unsafe<{ id: string }[]>(`select r.id from public.reports r join public.staff s on s.user_id = $1
    where r.station_id in ($2, $3) and private.may_see(r, s) and (${where}) order by r.received_at desc, r.id desc`, [world.person[who].id, world.station.home, world.station.far])
  return rows.map(row => row.id)
}

const inInbox = 'not r.is_hidden and not (r.is_unverified and r.urgency = \'normal\' and r.status = \'received\')'
const views = { inbox: inInbox, hidden: 'r.is_hidden', unverified: 'not r.is_hidden and r.is_unverified and r.urgency = \'normal\' and r.status = \'received\'' }

beforeAll(async () => {
  world = await buildWorld()
  await fillStation(world, 600)
  await aReport(world, { station: world.station.far, community: world.community.far, grid: world.grid.far })
})
afterAll(() => world?.close())

describe.each(desk)('%s', (who) => {
  it.each(Object.entries(views))('lists in the view %s exactly what may_see allows', async (view, where) => {
    expect((await listAll(who, { view })).map(row => row.id)).toEqual(await seenBy(who, where))
  })

  it('reads the same rows by REST', async () => {
    const { data } = await (await world.as(who)).from('reports').select('id').order('received_at', { ascending: false }).order('id', { ascending: false }).limit(1000)

    expect(data?.map(row => String(row.id))).toEqual(await seenBy(who))
  })

  it('counts what is new and what is theirs', async () => {
    const counts = await answerOf((await world.as(who)).rpc('count_desk_work'))

    const unseen = (await seenBy(who, `r.status = 'received' and ${inInbox}`)).length
    const mine = (await seenBy(who, `r.assigned_to = '${world.person[who].id}' and r.status in ('triaged', 'in_progress')`)).length
    const unverified = (await seenBy(who, views.unverified)).length
    expect(counts).toEqual({ ok: true, chats: 0, alerts: expect.any(Number), unseen: Math.min(100, unseen), mine: Math.min(100, mine), unverified: Math.min(100, unverified), revisits: expect.any(Number) })
  })
})

it('admin and residents have no inbox', async () => {
  for (const who of ['admin_zheng', 'amina_resident'] as const) expect(await answerOf((await world.as(who)).rpc('list_reports', { p: {} }))).toEqual({ ok: false, code: 'forbidden' })
})

describe('filters', () => {
  const ids = () => world.person
  const cases: Record<string, [() => Submission, () => string]> = {
    'one status': [() => ({ status: ['triaged'] }), () => 'r.status = \'triaged\''],
    'two statuses': [() => ({ status: ['received', 'closed'] }), () => 'r.status in (\'received\', \'closed\')'],
    'no status': [() => ({ status: [] }), () => 'true'],
    'category': [() => ({ category: 'test_noise' }), () => 'r.category_code = \'test_noise\''],
    'community': [() => ({ community: world.community.changLe }), () => `r.community_id = '${world.community.changLe}'`],
    'grid': [() => ({ grid: world.grid.pingAn }), () => `r.grid_id = '${world.grid.pingAn}'`],
    'assigned to me': [() => ({ assigned: 'me' }), () => 'r.assigned_to = s.user_id'],
    'assigned to nobody': [() => ({ assigned: 'none' }), () => 'r.assigned_to is null'],
    'assigned to a colleague': [() => ({ assigned: ids().officer_li.id }), () => `r.assigned_to = '${ids().officer_li.id}'`],
    'urgent': [() => ({ urgent: true }), () => 'r.urgency = \'urgent\''],
    'not only urgent': [() => ({ urgent: false }), () => 'true'],
    'a month': [() => ({ from: daysAgo(60), to: daysAgo(30) }), () => `r.received_at >= '${daysAgo(60)}' and r.received_at < '${daysAgo(30)}'`],
    'words of the summary': [() => ({ q: 'bicycle 1' }), () => 'lower(r.summary) like \'%bicycle 1%\''],
    'a sign that LIKE would take for a pattern': [() => ({ q: '100%' }), () => 'r.summary is not null'],
    'words that nobody wrote': [() => ({ q: '_icycle' }), () => 'false'],
    'overdue': [() => ({ overdue: true }), () => `r.status = 'received' and (r.received_at < (date_trunc('day', now() at time zone 'Asia/Shanghai') - interval '3 days') at time zone 'Asia/Shanghai'
      or (r.first_viewed_at is null and r.received_at < now() - case r.urgency when 'urgent' then interval '15 minutes' else interval '24 hours' end))`],
    'several at once': [() => ({ status: ['closed'], category: 'test_theft', assigned: 'none', from: daysAgo(400) }),
      () => `r.status = 'closed' and r.category_code = 'test_theft' and r.assigned_to is null and r.received_at >= '${daysAgo(400)}'`],
    'nulls': [() => ({ status: null, category: null, community: null, grid: null, assigned: null, urgent: null, overdue: null, from: null, to: null, q: null, cursor: null, limit: null }), () => 'true'],
  }
  const start = Date.now()
  const daysAgo = (days: number) => new Date(start - days * 86_400_000).toISOString()

  it.each(Object.keys(cases))('%s', async (name) => {
    const [p, where] = cases[name]!
    for (const who of ['officer_wang', 'lead_zhao', 'chief_qian', 'auditor_wu'] as const) {
      expect((await listAll(who, p())).map(row => row.id), who).toEqual(await seenBy(who, `${inInbox} and (${where()})`))
    }
  })

  it('the reference finds the report, in small letters too', async () => {
    const [first] = (await list('lead_zhao', {})).reports

    expect((await list('lead_zhao', { q: first!.reference.toLowerCase() })).reports.map(row => row.id)).toEqual([first!.id])
  })
})

describe('paging', () => {
  it.each([1, 7, 50])('pages of %i give every row once, in order', async (limit) => {
    const expected = (await seenBy('officer_wang', `${inInbox} and r.status = 'triaged'`))

    expect((await listAll('officer_wang', { status: ['triaged'] }, limit)).map(row => row.id)).toEqual(expected)
  })

  it('a report that comes in between two pages moves nothing', async () => {
    const first = await list('lead_zhao', { limit: 5 })
    const expected = (await seenBy('lead_zhao', inInbox)).slice(5, 10)

    await aReport(world)
    const second = await list('lead_zhao', { limit: 5, cursor: first.next_cursor })

    expect(second.reports.map(row => row.id)).toEqual(expected)
  })

  it('a cursor of another person opens nothing that is not one\'s own', async () => {
    const { next_cursor } = await list('chief_sun', { limit: 3 })

    const rows = (await list('officer_li', { cursor: next_cursor, limit: 100 })).reports.map(row => row.id)

    const own = new Set(await seenBy('officer_li'))
    expect(rows.filter(id => !own.has(id))).toEqual([])
  })

  it('the size of a page stays between 1 and 100', async () => {
    for (const [limit, size] of [[0, 1], [-5, 1], [1000, 100]] as const) expect((await list('lead_zhao', { limit })).reports).toHaveLength(size)
  })
})

it('a list shows no text, key, hash, contact or owner (RULES B3)', async () => {
  const [row] = (await list('chief_sun', {})).reports

  expect(Object.keys(row!).sort()).toEqual(['accepted_at', 'assigned_to', 'assignee', 'category', 'channel', 'closed_at', 'closed_reason', 'community_id', 'contact_mode', 'emergency_kind', 'first_viewed_at',
    'grid_id', 'id', 'is_hidden', 'is_unverified', 'locale', 'received_at', 'reference', 'status', 'summary', 'updated_at', 'urgency'])
})

it.each(['\' or true --', '\'; drop table public.reports; --', '$1', '%s', '\\', '{cursor,id}', '") or ("" = "'])('no value becomes a part of the statement: %s', async (attack) => {
  const own = new Set(await seenBy('officer_wang'))
  for (const p of [{ q: attack }, { category: attack }, { status: [attack] }, { view: attack }, { cursor: attack }, { cursor: { received_at: attack, id: attack } }, { assigned: attack }, { community: attack }, { limit: attack }]) {
    const { data, error, status } = await (await world.as('officer_wang')).rpc('list_reports', { p })
    if (error) expect([status, error.code.slice(0, 2)]).toEqual([400, '22'])
    else for (const row of page.parse(data).reports) expect(own.has(row.id)).toBe(true)
  }
})
