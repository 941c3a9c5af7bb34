import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filed, type Submission, aHash, aNamedReport, aReport, answerOf, deskCall, moveReport, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const rpc = async (who: Person, name: string, args: Submission) => answerOf((await world.as(who)).rpc(name, args))
const log = (report: Pick<Filed, 'id'>) => world.sql`select action, actor_role, actor_id, details from public.audit_log where noun_id = ${report.id} order by id`
const refusals = (reference: string) => world.sql`select action, actor_id from public.audit_log where details ->> 'reference' = ${reference} order by id`

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('the log is only added to', () => {
  it.each(['update public.audit_log set action = \'a.b\'', 'delete from public.audit_log', 'truncate public.audit_log', 'update public.report_events set actor_role = \'x\''])('even its owner may not: %s', async (statement) => {
    await aReport(world)

    await expect(world.sql.unsafe(statement)).rejects.toMatchObject({ code: 'PT403', detail: 'append_only' })
  })
})

describe('each opening is one row (RULES B3)', () => {
  it('with role, purpose and person', async () => {
    const report = await aReport(world)
    await rpc('officer_wang', 'open_report', { p_reference: report.reference, p_purpose: 'triage' })
    await rpc('officer_wang', 'open_report', { p_reference: report.reference, p_purpose: 'curiosity <b>' })
    await rpc('lead_zhao', 'open_report', { p_reference: report.reference })

    expect((await log(report)).slice(1).map(row => [row.action, row.actor_role, row.actor_id, row.details])).toEqual([
      ['report.opened', 'officer', world.person.officer_wang.id, { purpose: 'triage' }],
      ['report.opened', 'officer', world.person.officer_wang.id, { purpose: 'handling' }],
      ['report.opened', 'lead', world.person.lead_zhao.id, { purpose: 'handling' }],
    ])
  })

  it('lists are no openings', async () => {
    const report = await aReport(world)
    await rpc('officer_wang', 'list_reports', { p: {} })
    await rpc('officer_wang', 'count_desk_work', {})

    expect(await log(report)).toHaveLength(1)
  })

  it('an auditor\'s opening is logged and shown, and changes nothing: no clock starts, no letter counts as read', async () => {
    const report = await aReport(world, { category: 'test_police' })
    await answerOf(world.server.rpc('add_reporter_message', { p: { reference: report.reference, access: report.access, message_id: randomUUID(), text_sealed: sealed('x') } }))
    const before = await world.sql`select * from public.reports where id = ${report.id}`

    await rpc('auditor_wu', 'open_report', { p_reference: report.reference, p_purpose: 'audit' })

    expect(await world.sql`select * from public.reports where id = ${report.id}`).toEqual([...before])
    expect(await world.sql`select read_at from public.report_messages where report_id = ${report.id}`).toEqual([{ read_at: null }])
    expect((await log(report)).at(-1)).toMatchObject({ action: 'report.opened', actor_role: 'auditor' })
  })
})

describe('refusals stay in the log (RULES A3)', () => {
  it('whatever a member of staff tried with a report that is not theirs', async () => {
    const report = await aReport(world)
    const { reference } = report
    await rpc('officer_li', 'open_report', { p_reference: reference })
    await rpc('officer_li', 'assign_report', { p_reference: reference, p_staff: null })
    await rpc('officer_li', 'merge_report', { p_reference: reference, p_into: reference })
    await deskCall(world, 'officer_li', 'change_report_status', { reference, status: 'triaged', from_status: 'received' })
    await deskCall(world, 'admin_zheng', 'begin_ban', { reference })
    await deskCall(world, 'auditor_wu', 'add_report_note', { reference, text_sealed: sealed('x') })

    const li = world.person.officer_li.id
    expect((await refusals(reference)).map(row => [row.action, row.actor_id])).toEqual([
      ['report.open_refused', li], ['report.assign_refused', li], ['report.merge_refused', li], ['report.status_refused', li],
      ['report.ban_refused', world.person.admin_zheng.id], ['report.note_refused', world.person.auditor_wu.id],
    ])
    expect((await log(report)).map(row => row.action)).toEqual(['report.submitted'])
  })

  it('residents leave none, so that they cannot fill the log', async () => {
    const reference = 'LL-0000-0ZZZ'
    await rpc('bo_resident', 'open_report', { p_reference: reference })
    await rpc('bo_resident', 'merge_report', { p_reference: reference, p_into: reference })

    expect(await refusals(reference)).toEqual([])
  })
})

describe('who reads the log', () => {
  type Entry = { id: number, action: string, reference: string | null, actor: unknown, details: Submission }
  const list = async (who: Person, p: Submission = {}) => await rpc(who, 'list_audit_log', { p }) as { ok: boolean, code?: string, entries: Entry[], next_cursor: number | null }

  it('auditor and chief of the station, nobody else', async () => {
    for (const who of ['officer_wang', 'lead_zhao', 'admin_zheng', 'amina_resident'] as const) expect(await list(who), who).toEqual({ ok: false, code: 'forbidden' })
    for (const who of ['auditor_wu', 'chief_sun', 'chief_far'] as const) expect(await list(who), who).toMatchObject({ ok: true })
  })

  it('a chief of another station reads nothing of ours', async () => {
    const report = await aReport(world)

    expect((await list('chief_far', { reference: report.reference })).entries).toEqual([])
    expect((await list('chief_far')).entries.filter(entry => entry.reference === report.reference)).toEqual([])
  })

  it('a chief who is named in a report reads nothing about it: neither rows, nor by its reference, nor by REST (RULES A6)', async () => {
    const report = await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id] })
    await rpc('chief_qian', 'open_report', { p_reference: report.reference })
    const seenBy = async (who: Person) => [
      (await list(who, { reference: report.reference })).entries.length,
      (await list(who, { limit: 200 })).entries.filter(entry => entry.reference === report.reference).length,
      (await (await world.as(who)).from('audit_log').select('id', { count: 'exact', head: true }).eq('noun_id', report.id)).count,
    ]

    expect(await seenBy('chief_sun')).toEqual([0, 0, 0])
    expect(await seenBy('chief_qian')).toEqual([2, 2, 2])
    expect(await seenBy('auditor_wu')).toEqual([2, 2, 2])
  })

  it('other reports and bans are named by a reference, never by an id; not by one that the reader is hidden from (RULES A6)', async () => {
    const [one, other] = [await aReport(world, { category: 'test_police' }), await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id] })]
    await rpc('chief_qian', 'merge_report', { p_reference: one.reference, p_into: other.reference })
    const named = await aNamedReport(world, 'amina_resident')
    await deskCall(world, 'lead_zhao', 'ban_reporter', { reference: named.reference, subject_hash: aHash(), reason: 'insults' })
    const [{ id } = { id: '' }] = await world.sql`select id from public.bans where report_id = ${named.id}`
    await rpc('lead_zhao', 'lift_ban', { p_id: id })
    const details = async (who: Person, action: string, reference: string | null) => (await list(who, { action, limit: 5 })).entries.find(entry => entry.reference === reference)?.details

    expect(await details('auditor_wu', 'report.merged', one.reference)).toEqual({ into: other.reference })
    expect(await details('chief_sun', 'report.merged', one.reference)).toEqual({})
    expect(await details('auditor_wu', 'report.ban_lifted', null)).toEqual({ ban: named.reference })
    expect(JSON.stringify((await list('auditor_wu', { limit: 200 })).entries.map(entry => [entry.action === 'report.assigned' ? {} : entry.details]))).not.toMatch(/[\da-f]{8}-[\da-f]{4}-/)
  })

  it('pages by id without gap or repetition, filters by action, person and time', async () => {
    for (let n = 0; n < 7; n++) await aReport(world)
    const all = (await list('auditor_wu', { limit: 200 })).entries.map(entry => entry.id)
    const paged: number[] = []
    for (let cursor: number | null | undefined; cursor !== null;) {
      const page = await list('auditor_wu', { limit: 3, ...cursor === undefined ? {} : { cursor } })
      paged.push(...page.entries.map(entry => entry.id))
      cursor = page.next_cursor
    }

    expect(paged.slice(0, all.length)).toEqual(all)
    expect(new Set(paged).size).toBe(paged.length)
    expect(new Set((await list('auditor_wu', { action: 'report.opened' })).entries.map(entry => entry.action))).toEqual(new Set(['report.opened']))
    expect((await list('auditor_wu', { actor: world.person.chief_far.id })).entries).toEqual([])
    expect((await list('auditor_wu', { from: '2999-01-01' })).entries).toEqual([])
  })

  it('holds no text of a resident, no hash and no key', async () => {
    const report = await aNamedReport(world, 'amina_resident')
    await moveReport(world, 'officer_wang', report, 'received', 'triaged', { note_sealed: sealed('note') })
    await deskCall(world, 'officer_wang', 'add_staff_message', { reference: report.reference, message_id: randomUUID(), text_sealed: sealed('letter') })

    const text = JSON.stringify(await log(report))

    for (const secret of ['v1.', report.receiptHash, world.person.amina_resident.id]) expect(text).not.toContain(secret)
  })
})

describe('the outbox (RULES H1)', () => {
  it('holds no letter for whoever wants answers in the portal only (RULES D3)', async () => {
    const report = await aNamedReport(world, 'amina_resident', { is_portal_only: true, notify_sealed: sealed('amina@example.test') })

    expect(await world.sql`select id from public.outbox where noun_id = ${report.id}`).toEqual([])
  })

  it('rows are written with the change, name template and recipient, and hold no text', async () => {
    const report = await aNamedReport(world, 'amina_resident')
    await moveReport(world, 'officer_wang', report, 'received', 'triaged')

    const rows = await world.sql`select channel, template, noun, noun_id, recipient_id, recipient_sealed, params_sealed, status, attempts from public.outbox where noun_id = ${report.id} order by id`

    expect(rows.map(row => row.template)).toEqual(['reports.received', 'reports.status_changed'])
    expect(rows[0]).toMatchObject({ channel: 'email', noun: 'reports', recipient_id: world.person.amina_resident.id, recipient_sealed: null, params_sealed: null, status: 'queued', attempts: 0 })
  })

  it('an address that was left sealed is used instead of the account', async () => {
    const report = await aNamedReport(world, 'amina_resident', { notify_sealed: sealed('other@example.test') })

    expect(await world.sql`select recipient_id, recipient_sealed from public.outbox where noun_id = ${report.id}`).toEqual([{ recipient_id: null, recipient_sealed: sealed('other@example.test') }])
  })

  it('the demo mailbox is shut unless the installation is a demo', async () => {
    expect(await answerOf(world.server.rpc('list_demo_mails', { p: await world.actor('chief_sun') }))).toEqual({ ok: false, code: 'not_found' })
  })

  it('mails of the sign-in are queued sealed', async () => {
    const recipient_sealed = sealed(randomUUID())
    await answerOf(world.server.rpc('queue_account_mail', { p: { template: 'accounts.sign_in', recipient_sealed, params_sealed: sealed('123456'), locale: 'zh' } }))

    expect(await world.sql`select noun, recipient_id, status from public.outbox where recipient_sealed = ${recipient_sealed}`).toEqual([{ noun: 'accounts', recipient_id: null, status: 'queued' }])
  })
})
