import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filed, aReport, answerOf, moveReport } from './reports-builder.ts'
import { revisitActs } from './revisits-builder.ts'
import { type Staff, type World, buildWorld } from './world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const { accepted, answer, lastStep, mailsGoOut, passDays, record } = revisitActs(() => world)
const advance = () => answerOf(world.server.rpc('advance_revisits', {}))
type Sql = World['sql']
const waiting = async (sql: Pick<Sql, 'unsafe'>, who: Staff) => [...await sql.unsafe(`select template, noun, noun_id, matters from public.outbox where recipient_id = '${world.person[who].id}' and status = 'queued' order by id`)]
const several = (matters: number) => ({ template: 'revisits.several', noun: 'revisits', noun_id: null, matters })
const single = (report: Filed, template = 'revisits.overdue') => ({ template, noun: 'reports', noun_id: report.id, matters: 1 })

/** In one transaction that is undone: neither the job nor the delivery of another test file sees what waits. */
async function unseen(run: (sql: Parameters<Parameters<Sql['begin']>[1]>[0]) => Promise<void>) {
  await mailsGoOut()
  const undone = new Error('undone')
  await world.sql.begin(async (sql) => {
    await run(sql)
    throw undone
  }).catch((error: unknown) => {
    if (error !== undone) throw error
  })
}
async function reportsOf(count: number) {
  const reports: Filed[] = []
  while (reports.length < count) reports.push(await accepted())
  return reports
}

describe('what waits for one of the staff is one mail', () => {
  const tell = (sql: Pick<Sql, 'unsafe'>, { id }: Filed) => sql.unsafe(`select private.notify_level(r, 'officer', 'revisits.overdue') from public.reports r where r.id = '${id}'`)
  const climb = async (sql: Pick<Sql, 'unsafe'>, report: Filed) => sql.unsafe(`select private.open_revisit('${report.id}', 1, ${(await lastStep(report)).step + 1}, private.clock())`)

  it('eight late visits are one mail with their number; one is told by its reference, as before', async () => {
    const reports = await reportsOf(8)
    await unseen(async (sql) => {
      await tell(sql, reports[0]!)
      expect(await waiting(sql, 'lead_zhao')).toEqual([single(reports[0]!)])
      for (const report of reports.slice(1)) await tell(sql, report)

      expect(await waiting(sql, 'lead_zhao')).toEqual([several(8)])
      expect(await waiting(sql, 'chief_sun')).toEqual([])
    })
  })

  it('what climbs while the mail waits comes into it, and into the mails of what climbed', async () => {
    const [one, other, third] = await reportsOf(3)
    await unseen(async (sql) => {
      await sql.unsafe(`update public.revisits set answer = 'unsatisfied', answered_at = now(), answered_by = 'resident' where report_id in ('${one!.id}', '${other!.id}')`)
      await climb(sql, one!)
      expect(await waiting(sql, 'lead_zhao')).toEqual([single(one!, 'revisits.climbed')])
      await climb(sql, other!)
      expect(await waiting(sql, 'lead_zhao')).toEqual([several(2)])
      await tell(sql, third!)

      expect(await waiting(sql, 'lead_zhao')).toEqual([several(3)])
    })
  })

  it.each([['went out', `status = 'sent', settled_at = now()`], ['is in the hands of a worker', `leased_by = 'a worker', leased_until = now() + interval '1 minute', attempts = 1`], ['was tried', 'attempts = 1']])('not into one that %s', async (_what, change) => {
    const [one, other] = await reportsOf(2)
    await unseen(async (sql) => {
      await tell(sql, one!)
      await sql.unsafe(`update public.outbox set ${change} where recipient_id = '${world.person.lead_zhao.id}' and status = 'queued'`)
      await tell(sql, other!)

      expect((await waiting(sql, 'lead_zhao')).at(-1)).toEqual(single(other!))
    })
  })

  it('the job writes it, once: the next run adds nothing', async () => {
    const reports = await reportsOf(8)
    await world.sql.begin(async (sql) => {
      await sql`set local session_replication_role = replica`
      await sql`update public.revisits set opened_at = opened_at - interval '5 days' where report_id = any (${reports.map(({ id }) => id)})`
    })
    await advance()
    await advance()
    const mails = await world.sql<{ matters: number }[]>`select matters from public.outbox where recipient_id = ${world.person.lead_zhao.id} and status = 'queued'`

    expect(mails.reduce((sum, { matters }) => sum + matters, 0)).toBe(8)
    // Job and delivery of another file may have come between; by itself it is one.
    expect(mails.length).toBeLessThanOrEqual(3)
  })

  it('is the station\'s of its recipient: its leaders see it at the desk, those of another do not', async () => {
    const [one, other] = await reportsOf(2)
    await world.sql.begin(async (sql) => {
      await tell(sql, one!)
      await tell(sql, other!)
    })
    const queued = async (who: Staff) => ((await answerOf((await world.as(who)).rpc('list_messages', { p: { status: 'queued', limit: 200 } }))).messages as { template: string }[]).some(({ template }) => template === 'revisits.several')

    expect([await queued('chief_sun'), await queued('chief_far')]).toEqual([true, false])
  })
})

describe('a late visit of the station leader', () => {
  async function lateAtTheChief(report: Filed) {
    await record('officer_wang', report)
    await answer(report, 'unsatisfied')
    await record('lead_zhao', report)
    await answer(report, 'unsatisfied')
    await passDays(report, 5)
    await advance()
  }
  const list = async (who: Staff, view: string) => (await answerOf((await world.as(who)).rpc('list_revisits', { p: { limit: 100, waiting: view } }))).revisits as Record<string, unknown>[]

  it('stands in the auditor\'s list by reference, level, times and community, and nothing else; and it is no opening', async () => {
    const report = await accepted()
    const counted = async () => (await answerOf((await world.as('auditor_wu')).rpc('count_desk_work'))).revisits as number
    const before = await counted()
    await lateAtTheChief(report)
    const opened = await world.sql`select count(*)::int as n from public.audit_log where noun_id = ${report.id} and actor_id = ${world.person.auditor_wu.id}`

    expect((await list('auditor_wu', 'climbed')).find(({ reference }) => reference === report.reference)).toEqual({
      id: expect.any(String), step: 3, level: 'chief', opened_at: expect.any(String), due_at: expect.any(String), informed_at: expect.any(String), reference: report.reference, community_id: world.community.pingAn,
      may_visit: false, may_open: false, visited_at: null, reminded_at: null, no_reply_at: null,
      category: null, contact_mode: null, is_portal_only: null, urgency: null, locale: null, assigned_to: null, assignee: null,
    })
    expect(await counted()).toBe(before + 1)
    expect((await list('auditor_wu', 'team')).map(({ reference }) => reference)).not.toContain(report.reference)
    expect(opened).toEqual([{ n: 0 }])
    expect((await list('chief_sun', 'climbed')).find(({ reference }) => reference === report.reference)).toMatchObject({ may_open: true, category: expect.any(String) })
  })

  it('neither the late visits of others, nor those of another station, nor what names the auditor', async () => {
    const officers = await accepted()
    await passDays(officers, 5)
    await advance()
    const about = await aReport(world, { category: 'test_police', about_staff: [world.person.auditor_wu.id] })
    expect(await moveReport(world, 'chief_qian', about, 'received', 'triaged')).toMatchObject({ ok: true })
    await passDays(about, 5)
    await world.sql`update public.revisits set informed_at = now() where report_id = ${about.id}`
    const references = (await list('auditor_wu', 'climbed')).map(({ reference }) => reference)

    expect(references).not.toContain(officers.reference)
    expect(references).not.toContain(about.reference)
    expect((await list('chief_far', 'climbed'))).toEqual([])
  })
})
