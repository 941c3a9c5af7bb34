import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { dutyActs } from './duty-builder.ts'
import { type Submission, aReport, aSubmission, answerOf, deskCall, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

// A backend of its own: the job climbs for every station there is.
let world: World
let running: Awaited<ReturnType<typeof startTestBackend>>
const { onDuty, clearRoster, pass, mailsOf } = dutyActs(() => world)
const climb = async () => answerOf(world.server.rpc('climb_reports', { p_limit: 200 }))
const rpc = async (who: Person, name: string, args: object = {}) => answerOf((await world.as(who)).rpc(name, args))
const anUrgent = (changes: Submission = {}) => aReport(world, { category: 'test_violence', ...changes })

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})
beforeEach(async () => {
  await clearRoster()
  await world.sql`delete from public.outbox`
  await world.sql`update public.reports set first_viewed_at = coalesce(first_viewed_at, now())`
})

describe('an urgent report', () => {
  it('calls whoever is on duty in the transaction that takes it in, without a word of it', async () => {
    await onDuty('officer_li')
    const report = await anUrgent()

    const rows = await world.sql`select o.template, o.params_sealed, o.recipient_sealed, o.status, o.xmin = r.xmin as same_transaction from public.outbox o join public.reports r on r.id = o.noun_id where o.noun_id = ${report.id}`
    expect(rows).toEqual([{ template: 'duty.urgent', params_sealed: null, recipient_sealed: null, status: 'queued', same_transaction: true }])
    expect(await mailsOf(report)).toEqual(['duty.urgent officer_li'])
    expect(await world.sql`select actor_role, details from public.audit_log where noun_id = ${report.id} and action = 'report.duty_called'`).toEqual([{ actor_role: 'system', details: { level: 'officer', people: 1 } }])
  })

  it('made so by the emergency rules calls too; one that is not urgent, or hidden, does not', async () => {
    await onDuty('officer_li')
    expect(await mailsOf(await aReport(world, { emergency_kind: 'violence' }))).toEqual(['duty.urgent officer_li'])
    expect(await mailsOf(await aReport(world))).toEqual([])

    const hash = `index-1:${'ab'.repeat(32)}`
    await world.sql`insert into public.bans (station_id, kind, subject_hash, reason, created_by, created_at) values (${world.station.home}, 'account', ${hash}, 'insults', ${world.person.lead_zhao.id}, now())`
    expect(await mailsOf(await anUrgent({ contact_mode: 'named', ...await world.actor('amina_resident'), ban_hashes: [hash] }))).toEqual([])
  })

  it('with nobody on duty is told to the leads at once, and the sender hears that nobody is', async () => {
    const submitted = await answerOf(world.server.rpc('submit_report', { p: aSubmission(world, { category: 'test_violence' }) }))
    expect(submitted).toMatchObject({ ok: true, report: { has_duty: false } })
    expect((await world.sql`select template, recipient_id from public.outbox`).map(({ template, recipient_id: to }) => [template, to])).toEqual([['duty.climbed', world.person.lead_zhao.id]])

    await onDuty('officer_wang')
    expect(await answerOf(world.server.rpc('submit_report', { p: aSubmission(world, { category: 'test_violence' }) }))).toMatchObject({ report: { has_duty: true } })
    expect(await answerOf(world.server.rpc('submit_report', { p: aSubmission(world) })), 'not asked for one that is not urgent').toMatchObject({ report: { has_duty: null } })
  })

  it('about the police calls the chief whom it does not name, never whoever is on duty', async () => {
    await onDuty('officer_li')
    expect(await mailsOf(await aReport(world, { category: 'test_police', emergency_kind: 'violence', about_staff: [world.person.chief_sun.id] }))).toEqual(['duty.urgent chief_qian'])
    expect(await mailsOf(await aReport(world, { category: 'test_police', emergency_kind: 'violence', about_staff: [world.person.chief_sun.id, world.person.chief_qian.id] }))).toEqual(['duty.urgent auditor_wu'])
  })

  it('goes before other mail, whatever waits', async () => {
    await world.sql`insert into public.outbox (channel, template, noun, noun_id, recipient_id, locale, created_at, send_after)
      select 'email', 'reports.status_changed', 'reports', null, ${world.person.amina_resident.id}, 'zh', now() - interval '1 hour', now() - interval '1 hour' from generate_series(1, 5)`
    await onDuty('officer_li')
    await anUrgent()

    const { messages } = await answerOf(world.server.rpc('claim_outbox', { p: { worker: 'w', lease_seconds: 10, limit: 1 } }))
    expect((messages as { template: string }[]).map(({ template }) => template)).toEqual(['duty.urgent'])
  })
})

describe('a report that nobody opens', () => {
  it('urgent: climbs to the lead after 10 minutes and to the chiefs after 20, each once, and the log says so', async () => {
    await onDuty('officer_li')
    const report = await anUrgent()
    await pass(report, 9)
    expect(await climb()).toMatchObject({ lead: 0, chief: 0 })

    await pass(report, 2)
    expect(await climb()).toMatchObject({ officer: 0, lead: 1, chief: 0 })
    expect(await climb()).toMatchObject({ lead: 0, chief: 0 })
    await pass(report, 10)
    expect(await climb()).toMatchObject({ lead: 0, chief: 1 })
    expect(await climb()).toMatchObject({ lead: 0, chief: 0 })

    expect(await mailsOf(report)).toEqual(['duty.climbed chief_qian', 'duty.climbed chief_sun', 'duty.climbed lead_zhao', 'duty.urgent officer_li'])
    expect((await world.sql`select details from public.audit_log where noun_id = ${report.id} and action = 'report.duty_called' order by id`).map(({ details }) => details)).toEqual([
      { level: 'officer', people: 1 }, { level: 'lead', people: 1 }, { level: 'chief', people: 2 },
    ])
  })

  it('all other: when the first look is overdue, and half a day and a day after that', async () => {
    const report = await aReport(world)
    await pass(report, 24 * 60 - 2)
    expect(await climb()).toMatchObject({ officer: 0 })
    await pass(report, 3)
    expect(await climb()).toMatchObject({ officer: 1, lead: 0 })
    await pass(report, 12 * 60)
    expect(await climb()).toMatchObject({ officer: 0, lead: 1, chief: 0 })
    await pass(report, 12 * 60)
    expect(await climb()).toMatchObject({ lead: 0, chief: 1 })
    expect(await mailsOf(report)).toEqual(['duty.unopened chief_qian', 'duty.unopened chief_sun', 'duty.unopened lead_zhao', 'duty.unopened officer_wang'])
  })

  it('a day on which many lie fills nobody\'s letter box: one mail an hour for all that is not urgent', async () => {
    const reports = [await aReport(world), await aReport(world), await aReport(world, { community: null, grid: null })]
    await onDuty('officer_wang')
    for (const report of reports) await pass(report, 25 * 60)

    expect(await climb()).toMatchObject({ officer: 3 })
    expect(await world.sql`select template from public.outbox where template = 'duty.unopened'`).toHaveLength(1)
  })

  it.each<[string, (reference: string) => Promise<unknown>]>([
    ['opened it', reference => rpc('lead_zhao', 'open_report', { p_reference: reference, p_purpose: 'triage' })],
    ['took it', reference => rpc('officer_wang', 'assign_report', { p_reference: reference, p_staff: world.person.officer_wang.id })],
    ['wrote', reference => deskCall(world, 'officer_wang', 'add_staff_message', { reference, message_id: crypto.randomUUID(), text_sealed: sealed('x') })],
  ])('stops climbing when somebody %s, and who it was is noted', async (_what, act) => {
    await onDuty('officer_wang')
    const report = await anUrgent()
    await pass(report, 11)
    await climb()
    expect(await act(report.reference)).toMatchObject({ ok: true })
    await pass(report, 30)

    expect(await climb()).toMatchObject({ lead: 0, chief: 0 })
    const { calls } = await rpc('chief_sun', 'list_duty', { p: { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 3_600_000).toISOString() } })
    expect((calls as { reference: string }[]).find(({ reference }) => reference === report.reference)).toMatchObject({
      told: [{ level: 'officer', people: 1 }, { level: 'lead', people: 1 }], opened: { name: { en: expect.stringMatching(/lead_zhao|officer_wang/) } },
    })
  })

  it('goes on climbing when it was only handed to a colleague, who is called as well', async () => {
    await onDuty('officer_wang')
    const report = await anUrgent()
    await rpc('lead_zhao', 'assign_report', { p_reference: report.reference, p_staff: world.person.officer_li.id })
    await pass(report, 11)

    expect(await climb()).toMatchObject({ lead: 1 })
  })

  it('an auditor\'s look is no first look', async () => {
    const report = await aReport(world, { category: 'test_police', emergency_kind: 'violence', about_staff: [world.person.chief_sun.id] })
    await rpc('auditor_wu', 'open_report', { p_reference: report.reference, p_purpose: 'audit' })
    await pass(report, 11)

    expect(await climb()).toMatchObject({ lead: 1 })
    expect(await mailsOf(report), 'at every level: who may see it and is not named').toEqual(['duty.climbed chief_qian', 'duty.urgent chief_qian'])
  })

  it('after a stop of the jobs every level that is due is told at once', async () => {
    await onDuty('officer_li')
    const report = await anUrgent()
    await pass(report, 90)

    expect(await climb()).toMatchObject({ lead: 1, chief: 1 })
  })

  it('of a level that had nobody is told once somebody is there, and the next level does not wait for the time of an empty one', async () => {
    await world.sql`update public.staff set is_active = false where user_id = ${world.person.lead_zhao.id}`
    try {
      const report = await anUrgent()
      expect(await mailsOf(report), 'nobody on duty, no lead').toEqual(['duty.climbed chief_qian', 'duty.climbed chief_sun'])

      const placeless = await aReport(world, { community: null, grid: null })
      await pass(placeless, 24 * 60 + 1)
      expect(await climb(), 'nobody is on duty for what has no place').toMatchObject({ officer: 1, lead: 1, chief: 1 })
      expect(await climb()).toMatchObject({ officer: 0, lead: 0, chief: 0 })

      await onDuty('officer_li')
      await pass(report, 11)
      expect(await climb()).toMatchObject({ officer: 2, lead: 0, chief: 0 })
      expect(await mailsOf(report)).toContain('duty.urgent officer_li')
      expect(await climb()).toMatchObject({ officer: 0, lead: 0, chief: 0 })
    }
    finally {
      await world.sql`update public.staff set is_active = true where user_id = ${world.person.lead_zhao.id}`
    }
  })

  it('what would be done is said without doing it', async () => {
    const report = await anUrgent()
    await pass(report, 90)

    expect(await answerOf(world.server.rpc('foresee_climbs', {}))).toMatchObject({ ok: true, officer: 0, lead: 0, chief: 1 })
    expect(await mailsOf(report)).toEqual(['duty.climbed lead_zhao'])
  })
})
