import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { aReport, answerOf, deskCall, moveReport, sealed } from './reports-builder.ts'
import { type Person, type Staff, type World, buildWorld } from './world.ts'

let world: World
const reports: Record<string, string> = {}

beforeAll(async () => {
  world = await buildWorld()
  const age = (id: string, hours: number) => world.sql`update public.reports set received_at = received_at - ${`${hours} hours`}::interval where id = ${id}`
  const place = { community: world.community.changLe, grid: world.grid.changLe }
  const fresh = await aReport(world)
  const unseen = await aReport(world)
  await age(unseen.id, 25)
  const unanswered = await aReport(world, place)
  await age(unanswered.id, 24 * 5)
  const nowhere = await aReport(world, { community: null, grid: null })
  const accepted = await aReport(world)
  await moveReport(world, 'officer_wang', accepted, 'received', 'triaged')
  await world.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`
    await sql`update public.revisits set opened_at = opened_at - interval '5 days' where report_id = ${accepted.id}`
  })
  const aboutSun = await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id] })
  const spam = await aReport(world)
  await world.sql`update public.reports set is_hidden = true where id = ${spam.id}`
  Object.assign(reports, { fresh: fresh.reference, unseen: unseen.reference, unanswered: unanswered.reference, nowhere: nowhere.reference, accepted: accepted.reference, aboutSun: aboutSun.reference, spam: spam.reference })
})
afterAll(() => world?.close())

const workloadOf = async (who: Staff) => answerOf((await world.as(who)).rpc('count_workload'))

const numbers = z.object({ states: z.object({ received: z.number() }), unverified: z.number() })
const countsOf = async (who: Staff) => { const { states, unverified } = numbers.parse(await workloadOf(who)); return { received: states.received, unverified } }
const inboxOf = async (who: Staff) => {
  const { unseen, unverified } = z.object({ unseen: z.number(), unverified: z.number() }).parse(await answerOf((await world.as(who)).rpc('count_desk_work')))
  return { received: unseen, unverified }
}

describe('the workload', () => {
  it('of an officer is that of their communities', async () => {
    expect(await workloadOf('officer_wang')).toMatchObject({
      states: { received: 2, triaged: 1, in_progress: 0 }, late: { first_look: 1, answer: 0 },
      visits: [{ level: 'officer', waiting: 1, late: 1 }, { level: 'lead', waiting: 0, late: 0 }, { level: 'chief', waiting: 0, late: 0 }],
      communities: [{ community_id: world.community.pingAn, open: 3, late: 1, visits_late: 1 }],
    })
    expect(await workloadOf('officer_li')).toMatchObject({ states: { received: 1 }, late: { first_look: 1, answer: 1 }, communities: [{ community_id: world.community.changLe, open: 1, late: 1 }] })
  })

  it('of a lead is the station\'s without what is about the police; of a chief never what names them', async () => {
    expect(await workloadOf('lead_zhao')).toMatchObject({ states: { received: 4, triaged: 1 } })
    expect(await workloadOf('chief_sun')).toMatchObject({ states: { received: 4, triaged: 1 } })
    expect(await workloadOf('chief_qian')).toMatchObject({ states: { received: 5, triaged: 1 } })
    const { communities } = z.object({ communities: z.array(z.object({ community_id: z.string().nullable(), open: z.number() })) }).parse(await workloadOf('lead_zhao'))
    expect(communities.find(({ community_id: id }) => id === null)?.open).toBe(1)
  })

  it('is nobody\'s who sees no reports', async () => {
    expect(await workloadOf('admin_zheng')).toEqual({ ok: false, code: 'forbidden' })
    expect(await answerOf((await world.as('amina_resident')).rpc('count_workload'))).toEqual({ ok: false, code: 'forbidden' })
    expect(await workloadOf('chief_far')).toMatchObject({ states: { received: 0, triaged: 0 } })
  })
})

describe('the export of cases', () => {
  const page = z.object({ ok: z.literal(true), cases: z.array(z.looseObject({ reference: z.string() })), next_cursor: z.unknown() })
  const exportAs = async (who: Person, p: Record<string, unknown> = {}) => deskCall(world, who, 'export_cases', p)
  const names = (answer: unknown) => page.parse(answer).cases.map(({ reference }) => Object.entries(reports).find(([, known]) => known === reference)?.[0]).sort()

  it('holds what the caller sees and nothing else', async () => {
    expect(names(await exportAs('officer_wang'))).toEqual(['accepted', 'fresh', 'spam', 'unseen'])
    expect(names(await exportAs('lead_zhao'))).toEqual(['accepted', 'fresh', 'nowhere', 'spam', 'unanswered', 'unseen'])
    expect(names(await exportAs('chief_sun'))).not.toContain('aboutSun')
    expect(names(await exportAs('auditor_wu'))).toEqual(['aboutSun'])
    expect(await exportAs('admin_zheng')).toEqual({ ok: false, code: 'forbidden' })
    expect(await exportAs('amina_resident')).toEqual({ ok: false, code: 'forbidden' })
  })

  it('holds no text and nobody\'s account, sealed or not', async () => {
    const [row = {}] = page.parse(await exportAs('lead_zhao')).cases

    expect(Object.keys(row).filter(name => /sealed|key|summary|owner|contact(?!_mode)|about|nonce|hash/.test(name))).toEqual([])
    expect(JSON.stringify(await exportAs('lead_zhao'))).not.toContain(sealed('what happened'))
  })

  it('goes page by page, each case once, and is logged once', async () => {
    const before = await exports()
    const seen: string[] = []
    let cursor: unknown = null
    do {
      const answer = page.parse(await exportAs('lead_zhao', { limit: 2, ...(cursor !== null && { cursor }) }))
      seen.push(...answer.cases.map(({ reference }) => reference))
      cursor = answer.next_cursor
    } while (cursor !== null)

    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(6)
    expect(await exports() - before).toBe(1)
  })

  it('of some days names them in the log', async () => {
    await exportAs('lead_zhao', { from: '2026-10-01T00:00:00+08:00', to: '2026-11-01T00:00:00+08:00' })

    const [row] = await world.sql`select details from public.audit_log where action = 'report.list_exported' and actor_id = ${world.person.lead_zhao.id} order by id desc limit 1`
    expect(row?.details).toEqual({ since: '2026-10-01', until: '2026-10-31' })
  })

  async function exports() {
    const [row] = await world.sql<{ count: number }[]>`select count(*)::int as count from public.audit_log where action = 'report.list_exported' and station_id = ${world.station.home}`
    return row?.count ?? 0
  }
})

it('the workload counts as new what the inbox counts, and says what stands beside it without a check', async () => {
  const before = await countsOf('lead_zhao')
  await aReport(world, { challenge: null, is_unverified: true })
  const after = await countsOf('lead_zhao')

  expect(after).toEqual({ ...before, unverified: before.unverified + 1 })
  expect(after).toEqual(await inboxOf('lead_zhao'))
})
