import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aReport, answerOf, failureOf } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
let month = ''
const due = z.object({ periods: z.array(z.object({ station_id: z.string(), starts_on: z.string(), counts: z.array(z.object({ measure: z.string(), community_id: z.string().nullable(), category: z.string().nullable(), base: z.number(), count: z.number().nullable() })) })) })
const ledger = z.object({ releases: z.array(z.object({ topic: z.string(), period: z.string(), starts_on: z.string() })) })
const without = z.object({ as_of: z.string(), communities: z.array(z.object({ community: z.string(), days: z.number() })) })
const at = (day: number) => new Date(Date.parse(`${month}T10:00:00+08:00`) + (day - 1) * 86_400_000).toISOString()
const aCase = async (day: number, changes: Parameters<typeof aReport>[1] = {}) => {
  const { id } = await aReport(world, changes)
  await world.sql`update public.reports set received_at = ${at(day)} where id = ${id}`
  return id
}

beforeAll(async () => {
  world = await buildWorld()
  const [row] = await world.sql<{ month: string }[]>`select (date_trunc('month', private.clock() at time zone 'Asia/Shanghai') - interval '2 months')::date::text as month`
  month = row?.month ?? ''
  await world.sql`insert into public.categories (code, "group", visibility, urgency, name, description, guidance, retention_days, is_about_police, is_active)
    select 'theft', c."group", c.visibility, c.urgency, c.name, c.description, c.guidance, c.retention_days, false, true from public.categories c where c.code = 'test_theft' on conflict (code) do nothing`
})
afterAll(() => world?.close())

describe('what happened in a month, as the database counts it', () => {
  it('is what came in, without spam, doubles and what is hidden', async () => {
    for (let count = 0; count < 3; count++) await aCase(3, { category: 'test_noise' })
    await aCase(31 + 3, { category: 'test_noise' })
    const hidden = await aCase(4, { category: 'test_noise' })
    await world.sql`update public.reports set is_hidden = true where id = ${hidden}`
    const { periods } = due.parse(await answerOf(world.server.rpc('count_due_activity')))
    const counts = periods.find(({ station_id: id, starts_on: startsOn }) => id === world.station.home && startsOn === month)?.counts.filter(({ measure, category }) => measure === 'received' && category === 'test_noise') ?? []

    expect(counts.reduce((sum, { base }) => sum + base, 0)).toBe(3)
  })

  it('goes out once and stays in the ledger, which everybody reads', async () => {
    const release = { station: world.station.home, topic: 'activity', period: 'month', starts_on: month, figures: [{ measure: 'received', scope: 'station', community_id: null, category: 'test_noise', base: 20, count: 10 }] }
    const isNew = z.object({ is_new: z.boolean() })

    expect(isNew.parse(await answerOf(world.server.rpc('release_figures', { p: release }))).is_new).toBe(true)
    expect(isNew.parse(await answerOf(world.server.rpc('release_figures', { p: { ...release, figures: [] } }))).is_new).toBe(false)
    expect(ledger.parse(await answerOf(world.guest.rpc('list_releases', { p_station: world.station.home }))).releases).toContainEqual(expect.objectContaining({ topic: 'activity', period: 'month', starts_on: month }))
    await expect(world.sql`update public.published_figures set base = 15 where measure = 'received'`).rejects.toThrow()
    await expect(world.sql`insert into public.published_figures (release_id, measure, scope, category, base, count) select r.id, 'received', 'station', 'test_theft', 9, 5 from public.figure_releases r limit 1`, 'nothing below ten, whoever writes').rejects.toThrow()
  })

  it('tells how long nothing was stolen in steps, and of no day of this week', async () => {
    const of = async () => without.parse(await answerOf(world.guest.rpc('get_days_without', { p_station: world.station.home }))).communities.find(({ community }) => community.startsWith('pingan'))?.days
    await world.sql`update public.reports set received_at = private.clock() - interval '40 days' where category_code = 'theft'`
    await aReport(world, { category: 'theft' })
    await world.sql`update public.reports set received_at = private.clock() - interval '120 days' where category_code = 'test_noise'`

    expect(await of(), 'today\'s theft is not told before Monday').toBe(90)
    await world.sql`update public.reports set received_at = date_trunc('week', private.clock() at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai' - interval '8 days' where category_code = 'theft'`
    expect(await of()).toBe(7)
    await world.sql`update public.reports set received_at = received_at + interval '2 days' where category_code = 'theft'`
    expect(await of()).toBe(0)
  })

  it('is counted for nobody but the job', async () => {
    for (const who of [world.guest, await world.as('bo_resident'), await world.as('officer_wang'), await world.as('chief_sun')]) expect(await failureOf(who.rpc('count_due_activity' as never))).toBeTruthy()
  })
})
