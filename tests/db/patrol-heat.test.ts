import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { heatTable } from '#shared/patrols/heat'
import { type Submission, aReport, answerOf } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

const heat = z.object({
  ok: z.literal(true), time_zone: z.string(), from: z.string(), until: z.string(), grids: z.array(z.strictObject({ grid_id: z.uuid(), community_id: z.uuid() })),
  counts: z.array(z.strictObject({ grid_id: z.uuid(), weekday: z.number(), band: z.number(), week: z.number(), count: z.number() })), without_hour: z.number(), without_place: z.number(),
})

let world: World
/** Today on the wall of the station, `YYYY-MM-DD`, whatever day it is. */
let today = ''
const dayMs = 86_400_000
const day = (ago: number) => new Date(Date.parse(today) - ago * dayMs).toISOString().slice(0, 10)
const weekday = (ago: number) => (new Date(day(ago)).getUTCDay() + 6) % 7 + 1
/** A wall time of the station, which is eight hours ahead. */
const at = (ago: number, time: string) => `${day(ago)}T${time}+08:00`

/** A report of a public category that the desk has accepted. */
async function anAccepted(occurredAt: string | null, changes: Submission = {}, columns: Record<string, unknown> = {}) {
  const { id } = await aReport(world, { category: 'test_noise', occurred_at: occurredAt, ...changes })
  await world.sql`update public.reports set received_at = coalesce(${occurredAt}::timestamptz, received_at) where id = ${id}`
  await world.sql`update public.reports set status = 'triaged', accepted_at = received_at where id = ${id}`
  if (Object.keys(columns).length) await world.sql`update public.reports set ${world.sql(columns)} where id = ${id}`
  return id
}
const askAs = async (who: Person) => answerOf((await world.as(who)).rpc('count_patrol_heat'))
const heatOf = async (who: Person) => heat.parse(await askAs(who))
const cell = (grid: string, ago: number, band: number, count = 1) => ({ grid_id: grid, weekday: weekday(ago), band, week: Math.floor((ago - 1) / 7), count })
const sorted = (cells: z.infer<typeof heat>['counts']) => cells.toSorted((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)))

beforeAll(async () => {
  world = await buildWorld()
  const [row] = await world.sql<{ today: string }[]>`select (private.clock() at time zone 'Asia/Shanghai')::date::text as today`
  today = row?.today ?? ''
  const { pingAn, changLe } = world.grid
  const elsewhere = { community: world.community.changLe, grid: changLe }
  await anAccepted(at(1, '20:00:00'))
  await anAccepted(at(1, '21:59:59'))
  await anAccepted(at(1, '22:00:00'))
  await anAccepted(at(7, '00:00:00'))
  await anAccepted(at(8, '23:59:59'))
  await anAccepted(at(28, '00:00:00'))
  await anAccepted(at(3, '09:30:00'), elsewhere)
  // Beyond the 28 days, on both sides.
  await anAccepted(at(29, '23:59:59'))
  await anAccepted(at(0, '00:00:00'))
  // A day without its hour, no time at all, no place.
  await anAccepted(at(2, '12:00:00'))
  await anAccepted(at(2, '12:00:01'))
  const untimed = await anAccepted(null)
  await world.sql`update public.reports set received_at = ${at(2, '08:00:00')} where id = ${untimed}`
  await anAccepted(at(2, '20:00:00'), { community: null, grid: null })
  // What speaks for no patrol, all on one evening.
  const evening = at(4, '20:00:00')
  await anAccepted(evening, { category: 'test_theft' })
  await anAccepted(evening, {}, { is_hidden: true })
  await anAccepted(evening, {}, { channel: 'patrol' })
  for (const reason of ['withdrawn', 'unfounded', 'spam', 'duplicate']) await anAccepted(evening, {}, { status: 'closed', closed_reason: reason, closed_at: evening })
  const { id: waiting } = await aReport(world, { category: 'test_noise', occurred_at: evening })
  await world.sql`update public.reports set received_at = ${evening} where id = ${waiting}`
  await anAccepted(evening, { station: world.station.far, community: world.community.far, grid: world.grid.far })
  // Solved is no less a report.
  await anAccepted(at(5, '20:00:00'), {}, { status: 'resolved', closed_at: at(4, '20:00:00') })
  expected.pingAn = [cell(pingAn, 1, 10, 2), cell(pingAn, 1, 11), cell(pingAn, 7, 0), cell(pingAn, 8, 11), cell(pingAn, 28, 0), cell(pingAn, 2, 6), cell(pingAn, 5, 10)]
  expected.changLe = [cell(changLe, 3, 4)]
})
afterAll(() => world?.close())

const expected: Record<'pingAn' | 'changLe', z.infer<typeof heat>['counts']> = { pingAn: [], changLe: [] }

describe('the counts for the planner of patrols', () => {
  it('hold the accepted reports of public categories in 28 whole days, by the wall of the station', async () => {
    const { counts, from, until, time_zone: zone } = await heatOf('lead_zhao')

    expect([from, until, zone]).toEqual([day(28), day(1), 'Asia/Shanghai'])
    expect(sorted(counts)).toEqual(sorted([...expected.pingAn, ...expected.changLe]))
  })

  it('say apart how many have no hour or no place', async () => {
    expect(await heatOf('lead_zhao')).toMatchObject({ without_hour: 2, without_place: 1 })
  })

  it('are an officer\'s for their communities only, grids and numbers', async () => {
    const { grids, counts, ...rest } = await heatOf('officer_li')

    expect(grids).toEqual([{ grid_id: world.grid.changLe, community_id: world.community.changLe }])
    expect(sorted(counts)).toEqual(expected.changLe)
    expect(rest).toMatchObject({ without_hour: 0, without_place: 0 })
  })

  it('are the whole station\'s for lead and chief, and nobody else\'s station', async () => {
    expect(await heatOf('chief_sun')).toEqual(await heatOf('lead_zhao'))
    expect((await heatOf('chief_far')).counts).toEqual([cell(world.grid.far, 4, 10)])
  })

  it.each(['auditor_wu', 'admin_zheng', 'amina_resident'] as const)('are not for %s', async (who) => {
    expect(await askAs(who)).toEqual({ ok: false, code: 'forbidden' })
  })

  it('make the table of the planner: as many weeks, grids and reports', async () => {
    const { counts, grids } = await heatOf('lead_zhao')
    const table = heatTable(counts.map(({ grid_id: gridId, ...count }) => ({ gridId, ...count })), grids.map(({ grid_id: id }) => id))

    expect([table.size, table.count]).toEqual([168, 9])
  })
})
