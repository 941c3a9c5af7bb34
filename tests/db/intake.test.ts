import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filed, type Submission, aHash, aReport, aSubmission, answerOf, deskCall, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const submit = (p: Submission) => answerOf(world.server.rpc('submit_report', { p }))
const track = (report: Pick<Filed, 'reference' | 'access'>) => answerOf(world.server.rpc('track_report', { p: { reference: report.reference, access: report.access, guess_limits: [] } }))

/** What the portal sends when a colleague takes a report in. */
async function anIntake(who: Person, changes: Submission = {}): Promise<Submission> {
  const { actor, session } = await world.actor(who)
  return aSubmission(world, { channel: 'desk', challenge: null, has_proof: true, intake: 'counter', taker: actor, taker_session: session, ...changes })
}
const filedBy = async (who: Person, changes: Submission = {}): Promise<Filed> => {
  const p = await anIntake(who, changes)
  const { report } = await submit(p) as unknown as { report: { id: string, reference: string } }
  return { ...report, receiptHash: String(p.receipt_hash), access: { receipt_hash: String(p.receipt_hash) } }
}

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('a report that staff take in (RULES B1, D2)', () => {
  it.each(['officer_wang', 'lead_zhao', 'chief_sun'] as const)('by %s is marked with who, when and how, to its reporter and in the log, and is never theirs', async (who) => {
    const report = await filedBy(who, { intake: who === 'lead_zhao' ? 'phone' : 'counter', contact_mode: 'named', contact_sealed: sealed('Ms Lin'), contact_key: sealed('key') })

    const [row] = await world.sql`select intake, taken_by, owner_id, owner_hash, channel from public.reports where id = ${report.id}`
    expect(row).toEqual({ intake: who === 'lead_zhao' ? 'phone' : 'counter', taken_by: world.person[who].id, owner_id: null, owner_hash: null, channel: 'desk' })
    expect(await track(report)).toMatchObject({ ok: true, report: { taken: { intake: row?.intake, name: { en: who }, at: expect.any(String), badge_number: who } } })
    expect((await world.sql`select action, actor_id, details from public.audit_log where noun_id = ${report.id} order by id`).map(({ action, actor_id: by, details }) => [action, by, details])).toEqual([
      ['report.submitted', null, { channel: 'desk', category: 'test_theft' }], ['report.taken', world.person[who].id, { intake: row?.intake }],
    ])
  })

  it('anonymously says who typed and nothing of who spoke', async () => {
    const report = await filedBy('officer_wang')

    expect(await world.sql`select contact_mode, owner_id, owner_hash, contact_sealed, notify_sealed, taken_by from public.reports where id = ${report.id}`)
      .toEqual([{ contact_mode: 'anonymous', owner_id: null, owner_hash: null, contact_sealed: null, notify_sealed: null, taken_by: world.person.officer_wang.id }])
  })

  it.each(['auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] as const)('is not for %s', async (who) => {
    const p = await anIntake(who)

    expect(await submit(p)).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await world.sql`select from public.reports where id = ${String(p.id)}`).toHaveLength(0)
  })

  it('is not for a colleague whose session has ended, nor for a name without one', async () => {
    const p = await anIntake('officer_wang', { taker_session: '00000000-0000-4000-8000-000000000000' })

    await expect(submit(p)).rejects.toThrow('401')
    await expect(submit({ ...p, taker_session: null })).rejects.toThrow('401')
  })

  it('is not taken in by whom it names (RULES A6)', async () => {
    expect(await submit(await anIntake('chief_sun', { category: 'test_police', about_staff: [world.person.chief_sun.id] }))).toMatchObject({ ok: false, code: 'names_you' })
    expect(await submit(await anIntake('chief_qian', { category: 'test_police', about_staff: [world.person.chief_sun.id] }))).toMatchObject({ ok: true })
  })

  it('sent twice is one report with one receipt; another text under the same key is refused', async () => {
    const p = await anIntake('officer_wang')
    const first = await submit(p)

    expect(await submit({ ...p, id: crypto.randomUUID() })).toMatchObject({ ok: true, is_replay: true, report: { reference: (first.report as { reference: string }).reference } })
    expect(await submit({ ...p, body_hash: aHash() })).toMatchObject({ ok: false, code: 'idempotency_conflict' })
    expect(await world.sql`select from public.audit_log where noun_id = ${String(p.id)} and action = 'report.taken'`).toHaveLength(1)
  })

  it('an account that is sent along does not become its owner', async () => {
    const report = await filedBy('officer_wang', { contact_mode: 'named', contact_sealed: sealed('Ms Lin'), contact_key: sealed('key'), ...await world.actor('officer_wang') })

    expect((await world.sql`select owner_id from public.reports where id = ${report.id}`)[0]).toEqual({ owner_id: null })
  })

  it('one that its reporter sent is not marked, and the database keeps both columns together', async () => {
    const report = await aReport(world)

    expect(await track(report)).toMatchObject({ report: { taken: null } })
    await expect(world.sql`update public.reports set intake = 'phone' where id = ${report.id}`).rejects.toThrow('reports_scope_is_whole')
  })
})

describe('somebody shows their receipt at the counter', () => {
  const lookUp = (who: Person, report: Pick<Filed, 'reference' | 'receiptHash'>, limits: unknown[] = []) => deskCall(world, who, 'look_up_report', { reference: report.reference, receipt_hash: report.receiptHash, guess_limits: limits })

  it('an officer of any community sees what the reporter sees; it is logged and shown as every opening, and is no first look', async () => {
    const report = await aReport(world, { community: world.community.changLe, grid: world.grid.changLe })

    expect(await lookUp('officer_wang', report)).toMatchObject({ ok: true, viewer: 'reporter', may_open: false, content_sealed: sealed('what happened'), report: { reference: report.reference, first_viewed_at: null } })
    expect(await lookUp('officer_li', report)).toMatchObject({ ok: true, may_open: true })

    expect((await track(report)).access).toEqual([
      expect.objectContaining({ action: 'report.opened', role: 'officer', purpose: 'counter' }), expect.objectContaining({ action: 'report.opened', role: 'officer', purpose: 'counter' }),
    ])
    expect((await world.sql`select first_viewed_at from public.reports where id = ${report.id}`)[0]).toEqual({ first_viewed_at: null })
  })

  it.each(['auditor_wu', 'admin_zheng', 'amina_resident'] as const)('is not for %s', async (who) => {
    expect(await lookUp(who, await aReport(world))).toMatchObject({ ok: false, code: 'forbidden' })
  })

  it('a wrong receipt, an unknown reference, a follower\'s receipt, another station and what it may not see answer alike, and leave a row in the log', async () => {
    const report = await aReport(world, { category: 'test_noise' })
    const police = await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id] })
    await world.sql`update public.reports set status = 'triaged', accepted_at = now() where id = ${report.id}`
    const follower = aHash()
    expect(await answerOf(world.server.rpc('follow_report', { p: { reference: report.reference, receipt_hash: follower, limits: [] } }))).toMatchObject({ ok: true })

    const notFound = { ok: false, code: 'not_found' }
    expect(await lookUp('officer_wang', { ...report, receiptHash: aHash() })).toEqual(notFound)
    expect(await lookUp('officer_wang', { ...report, reference: 'LL-0000-0000' })).toEqual(notFound)
    expect(await lookUp('officer_wang', { ...report, receiptHash: follower })).toEqual(notFound)
    expect(await lookUp('chief_far', report)).toEqual(notFound)
    expect(await lookUp('officer_wang', police)).toEqual(notFound)
    expect(await lookUp('chief_sun', police)).toEqual(notFound)
    expect(await lookUp('chief_qian', police)).toMatchObject({ ok: true })
    expect(await world.sql`select from public.audit_log where action = 'report.look_up_refused' and actor_id = ${world.person.officer_wang.id}`).toHaveLength(4)
  })

  it('guessing ends after the limit, for right and wrong receipts alike', async () => {
    const report = await aReport(world)
    const limits = [{ bucket: `look ${aHash()}`, times: 2, seconds: 600 }]
    for (let guess = 0; guess < 2; guess++) await lookUp('officer_wang', { ...report, receiptHash: aHash() }, limits)

    expect(await lookUp('officer_wang', { ...report, receiptHash: aHash() }, limits)).toMatchObject({ ok: false, code: 'rate_limited' })
    expect(await lookUp('officer_wang', report, limits)).toMatchObject({ ok: false, code: 'rate_limited' })
  })
})
