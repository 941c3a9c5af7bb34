import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { controlPeriod } from '#shared/communities/figures'
import { type Submission, aReport, answerOf, failureOf } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
/** First day of the month before the last one: over, and its answers final, whatever day it is. */
let month = ''

const due = z.object({ periods: z.array(z.object({ station_id: z.string(), period: z.string(), starts_on: z.string(), communities: z.array(z.string()), counts: z.array(z.object({ measure: z.string(), community_id: z.string().nullable(), base: z.number(), count: z.number().nullable() })) })) })
const dueFor = async (station: string) => due.parse(await answerOf(world.server.rpc('count_due_figures'))).periods.filter(({ station_id: id }) => id === station)

/** Wall time of the station on a day of the month; 0 is the day before it begins, 32 the first of the next where it has 31. */
const at = (day: number, time = '10:00') => new Date(Date.parse(`${month}T00:00:00+08:00`) + (day - 1) * 86_400_000 + Date.parse(`1970-01-01T${time}Z`)).toISOString()

interface Visit { opened: string, visited?: string, answer?: 'satisfied' | 'unsatisfied' | 'unresolved', by?: 'resident' | 'staff', answered?: string, silent?: string, stopped?: string, step?: number }

/** A case whose step lies in the month, with its facts as they would have been kept. */
async function aVisit({ opened, visited, answer, by, answered, silent, stopped, step = 1 }: Visit, changes: Submission = {}) {
  const { id } = await aReport(world, changes)
  await world.sql`update public.reports set received_at = ${at(1, '08:00')} where id = ${id}`
  const { id: visitor } = world.person.officer_wang
  await world.sql`
    insert into public.revisits (report_id, step, opened_at, visited_at, visited_by, method, topics, record_sealed, reminded_at, no_reply_at, answer, answered_at, answered_by, stopped_at)
    values (${id}, ${step}, ${opened}, ${visited ?? null}, ${visited ? visitor : null}, ${visited ? 'visit' : null}, ${visited ? world.sql.json({}) : null}, ${visited ? 'v1.x' : null},
      ${silent ?? null}, ${silent ?? null}, ${answer ?? null}, ${answered ?? null}, ${by ?? null}, ${stopped ?? null})`
  return id
}

beforeAll(async () => {
  world = await buildWorld()
  const [row] = await world.sql<{ month: string }[]>`select (date_trunc('month', private.clock() at time zone 'Asia/Shanghai') - interval '2 months')::date::text as month`
  month = row?.month ?? ''
})
afterAll(() => world?.close())

describe('the on-time rate and the answers of a month, by hand', () => {
  beforeAll(async () => {
    const [length] = await world.sql<{ days: number }[]>`select extract(day from ${month}::date + interval '1 month' - interval '1 day')::int as days`
    const last = length?.days ?? 30
    // Due at 24:00 of the 8th.
    const opened = at(5)
    for (let index = 0; index < 9; index++) await aVisit({ opened, visited: at(7), answer: 'satisfied', by: 'resident', answered: at(7, '20:00') })
    await aVisit({ opened, visited: at(9, '00:00'), answer: 'unsatisfied', by: 'resident', answered: at(9) }) // the last moment
    await aVisit({ opened, visited: at(9, '00:01'), answer: 'unsatisfied', by: 'resident', answered: at(10) }) // a minute late
    await aVisit({ opened, visited: at(7), answer: 'unresolved', by: 'resident', answered: at(12), step: 3 })
    await aVisit({ opened, visited: at(7), answer: 'satisfied', by: 'staff', answered: at(7) })
    await aVisit({ opened, visited: at(7), silent: at(14) })
    await aVisit({ opened, visited: at(7), answer: 'satisfied', by: 'resident', answered: at(last + 1, '00:00') }) // answered in the next month
    await aVisit({ opened }) // nobody came, to this day
    await aVisit({ opened, answer: 'unsatisfied', by: 'resident', answered: at(11) }) // said that nobody came
    await aVisit({ opened, stopped: at(6) }) // withdrawn in time: owed to nobody
    await aVisit({ opened, stopped: at(20) }) // withdrawn when it was late
    await aVisit({ opened: at(last - 3), visited: at(last - 2) }) // due at 24:00 of the last day
    await aVisit({ opened: at(last - 2), visited: at(last - 2) }) // due in the next month
    await aVisit({ opened: at(-3), visited: at(-2) }) // due at 24:00 of the day before
    const hidden = await aVisit({ opened, visited: at(7), answer: 'satisfied', by: 'resident', answered: at(7) })
    await world.sql`update public.reports set is_hidden = true where id = ${hidden}`
    await aVisit({ opened, visited: at(7) }, { community: null, grid: null })
  })

  it('open and late ones are in the denominator, and nothing counts twice', async () => {
    const period = (await dueFor(world.station.home)).find(({ period, starts_on }) => period === 'month' && starts_on === month)

    // In time: 9 + the last moment + unresolved + staff + silent + answered later + the last day = 15. Late: a minute, never, never (said so), withdrawn late = 4.
    expect(period?.counts.filter(({ community_id: id }) => id === world.community.pingAn)).toEqual([
      { measure: 'answers', community_id: world.community.pingAn, base: 13, count: 9 },
      { measure: 'recorded', community_id: world.community.pingAn, base: 1, count: 1 },
      { measure: 'silent', community_id: world.community.pingAn, base: 1, count: null },
      { measure: 'visits', community_id: world.community.pingAn, base: 19, count: 15 },
    ])
    expect(period?.counts.filter(({ community_id: id }) => id === null)).toEqual([{ measure: 'visits', community_id: null, base: 1, count: 1 }])
  })

  it('are released once, rounded, and never counted again', async () => {
    const period = (await dueFor(world.station.home)).find(({ period, starts_on }) => period === 'month' && starts_on === month)!
    const figures = controlPeriod({ period: 'month', communities: period.communities, counts: period.counts.map(({ community_id: communityId, ...count }) => ({ ...count, communityId })) })
      .map(({ communityId, ...figure }) => ({ ...figure, community_id: communityId }))
    // However they lie on the disk, they are read in the order of the station.
    const release = { station: world.station.home, period: 'month', starts_on: month, figures: figures.toReversed() }

    expect(await answerOf(world.server.rpc('release_figures', { p: release }))).toEqual({ ok: true, is_new: true })
    await aVisit({ opened: at(5), visited: at(7) })
    expect(await answerOf(world.server.rpc('release_figures', { p: { ...release, figures: [] } })), 'with one case more').toEqual({ ok: true, is_new: false })

    const { data } = await world.guest.rpc('get_figures', { p_station: world.station.home })
    const visits = z.object({ releases: z.array(z.object({ figures: z.array(z.looseObject({ measure: z.string() })) })) }).parse(data).releases[0]?.figures.filter(({ measure }) => measure === 'visits')
    expect(visits, 'one community with nothing hides the other; the case without a community stays out').toEqual([
      { measure: 'visits', scope: 'station', community_id: null, category: null, base: 20, count: 15 },
      ...[world.community.changLe, world.community.pingAn].map(community => ({ measure: 'visits', scope: 'community', community_id: community, category: null, base: null, count: null })),
    ])
    expect((await dueFor(world.station.home)).some(({ period, starts_on }) => period === 'month' && starts_on === month)).toBe(false)
  })
})

describe('first looks and decisions of a week, by hand', () => {
  it('follow the clocks of a report; what was taken back in time is owed to nobody', async () => {
    const [week] = await world.sql<{ day: string }[]>`select (date_trunc('week', private.clock() at time zone 'Asia/Shanghai') - interval '2 weeks')::date::text as day`
    const monday = Date.parse(`${week?.day}T00:00:00+08:00`)
    const hours = (count: number) => new Date(monday + count * 3_600_000)
    const cases: { received: number, viewed?: number, accepted?: number, closed?: number, reason?: string, urgent?: boolean }[] = [
      { received: 10, viewed: 30, accepted: 40 }, // both in time
      { received: 10, viewed: 34.1, accepted: 96 }, // looked at late; decided at 24:00 of Thursday, the last moment
      { received: 10, viewed: 12, accepted: 96.1 }, // decided late
      { received: 10, viewed: 10.2, accepted: 11, urgent: true }, // urgent, within 15 minutes
      { received: 10, viewed: 10.3, accepted: 11, urgent: true }, // urgent, too late
      { received: 10 }, // nobody looked, to this day
      { received: 10, closed: 20, reason: 'withdrawn' }, // taken back before anything was due
      { received: 10, viewed: 12, closed: 30, reason: 'spam' }, // closed: decided
      { received: -14, viewed: 9, accepted: 20 }, // Sunday: its first look is due on Monday, its decision on Wednesday
    ]
    for (const { received, viewed, accepted, closed, reason, urgent } of cases) {
      const { id } = await aReport(world, { station: world.station.far, community: world.community.far, grid: world.grid.far, category: urgent ? 'test_violence' : 'test_theft' })
      const instant = (count: number | undefined) => count === undefined ? null : hours(count)
      await world.sql`update public.reports set received_at = ${hours(received)}, first_viewed_at = ${instant(viewed)}, accepted_at = ${instant(accepted)}, closed_at = ${instant(closed)},
        status = ${reason ? 'closed' : accepted ? 'triaged' : 'received'}, closed_reason = ${reason ?? null} where id = ${id}`
    }

    const period = (await dueFor(world.station.far)).find(({ period, starts_on }) => period === 'week' && starts_on === week?.day)

    expect(period?.counts).toEqual(expect.arrayContaining([
      { measure: 'first_looks', community_id: null, base: 8, count: 5 },
      { measure: 'decisions', community_id: null, base: 8, count: 6 },
    ]))
  })
})

describe('the table of published figures refuses', () => {
  const release = () => world.sql<{ id: string }[]>`insert into public.figure_releases (station_id, period, starts_on, released_at) values (${world.station.far}, 'month', '2020-01-01', now()) on conflict do nothing returning id`

  it('what disclosure control would not let out, and changes to what is out', async () => {
    const [{ id } = { id: '' }] = await release()
    const insert = (base: number | null, count: number | null) => world.sql`insert into public.published_figures (release_id, measure, scope, base, count) values (${id}, 'visits', 'station', ${base}, ${count})`
    for (const [base, count] of [[5, 5], [12, 10], [10, 7], [10, 15], [null, 5], [0, 0]] as const) await expect(insert(base, count), `${base}, ${count}`).rejects.toThrow(/figures_are_controlled/)
    await insert(15, 10)

    await expect(world.sql`update public.published_figures set base = 20 where release_id = ${id}`).rejects.toThrow('append-only')
    await expect(world.sql`delete from public.figure_releases where id = ${id}`).rejects.toThrow('append-only')
    await expect(world.sql`insert into public.figure_releases (station_id, period, starts_on, released_at) values (${world.station.far}, 'month', '2020-01-02', now())`).rejects.toThrow(/begin_with_their_period/)
  })

  it('raw counts to everybody but the server', async () => {
    for (const who of ['amina_resident', 'officer_wang', 'chief_sun', 'auditor_wu', 'admin_zheng'] as const) {
      expect((await failureOf((await world.as(who)).rpc('count_due_figures'))).code, who).toBe('42501')
    }
    expect((await failureOf(world.guest.rpc('count_due_figures'))).code).toBe('42501')
  })
})
