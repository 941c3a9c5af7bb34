import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { createClients } from '#server/db/clients'
import { deskRetentionQueries } from '#server/db/retention'
import { jobs } from '#server/domain/jobs/registry'
import { foreseeRetained, retainReports } from '#server/domain/reports/retain-reports'
import { openKeyRing } from '#server/domain/trust/key-ring'
import { sealRows } from '#server/domain/trust/seal-rows'
import { verifyChain } from '#server/domain/trust/verify-chain'
import type { Services } from '#server/domain/services'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { aHash, aNamedReport, anAttachment, answerOf, aReport, moveReport, sealed, type Answer, type Filed, type Submission } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

// A backend of its own: a run takes whatever is over, in every file's stations.
let world: World
let services: Services
let running: Awaited<ReturnType<typeof startTestBackend>>
const removed: string[] = []

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  await world.sql`update public.stations set is_default = (id = ${world.station.home})`
  const keys = await openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
  const blobs = { remove: async (name: string) => void removed.push(name), list: async function* () {} } as unknown as Services['blobs']
  services = { clients: createClients(world.backend), keys, blobs, settings: { isDemo: false, publicUrl: '' } }
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})
beforeEach(async () => {
  await retainReports(services)
  removed.length = 0
})

const rpc = async (who: Person, name: string, args: object = {}): Promise<Answer> => answerOf((await world.as(who)).rpc(name, args))
const age = (report: Filed, days: number) => world.sql`update public.reports set closed_at = now() - make_interval(days => ${days}), received_at = now() - make_interval(days => ${days + 5}) where id = ${report.id}`
const isThere = async ({ id }: Filed) => (await world.sql`select from public.reports where id = ${id}`).length === 1
/** A closed report whose year was over yesterday, unless said otherwise. Spam owes nobody a visit. */
async function aClosed(changes: Submission = {}, days = 366): Promise<Filed> {
  const report = await aReport(world, changes)
  await close(report, changes.category === 'test_police' ? 'chief_qian' : 'lead_zhao')
  await age(report, days)
  return report
}
const close = (report: Filed, who: Person) => moveReport(world, who, report, 'received', 'closed', { closed_reason: 'spam' })

describe('the retention run', () => {
  it('takes a solved report like a closed one, once nobody waits for a visit or an answer', async () => {
    const report = await aReport(world)
    for (const [from, to] of [['received', 'triaged'], ['triaged', 'resolved']] as const) await moveReport(world, 'officer_wang', report, from, to)
    await age(report, 366)
    await retainReports(services)
    expect(await isThere(report), 'a visit is open').toBe(true)

    await world.sql`update public.revisits set stopped_at = now() where report_id = ${report.id}`
    await retainReports(services)
    expect(await isThere(report)).toBe(false)
  })

  it('takes a closed report after the term of its category with all that belongs to it, and leaves a tombstone', async () => {
    const attachment = anAttachment({ original_blob: randomUUID() })
    const over = await aClosed({ attachments: [attachment], contact_mode: 'sealed', notify_sealed: sealed('someone@example.org') })
    const [young, open] = [await aClosed({}, 364), await aReport(world)]
    await age(open, 3000)
    await world.sql`update public.reports set closed_at = null where id = ${open.id}`

    expect(await retainReports(services)).toMatchObject({ 'reports': 1, 'files': 2, 'reports.test_theft': 1 })

    expect([await isThere(over), await isThere(young), await isThere(open)]).toEqual([false, true, true])
    expect(removed.sort()).toEqual([attachment.original_blob, attachment.view_blob].sort())
    for (const table of ['report_events', 'report_messages', 'report_attachments']) expect(await world.sql`select from public.${world.sql(table)} where report_id = ${over.id}`, table).toHaveLength(0)
    expect(await world.sql`select from public.outbox where noun_id = ${over.id}`).toHaveLength(0)
    const log = await world.sql`select action, actor_role, details from public.audit_log where noun_id = ${over.id} order by id desc limit 1`
    expect(log[0]).toMatchObject({ action: 'report.erased', actor_role: 'system', details: { erased: over.reference, because: 'retention' } })
    expect((await world.sql`select details from public.audit_log where action = 'retention.ran' order by id desc limit 1`)[0]?.details).toMatchObject({ reports: 1, files: 2 })
  })

  it('says beforehand exactly what it then does, by kind', async () => {
    await aClosed()
    await aClosed({ category: 'test_noise' })
    const held = await aClosed()
    await rpc('lead_zhao', 'hold_report', { p: { reference: held.reference, reason: 'the court asked for it' } })

    const foreseen = await foreseeRetained(services)
    const did = await retainReports(services)

    expect(foreseen).toMatchObject({ 'reports': 2, 'reports.test_theft': 1, 'reports.test_noise': 1, 'stays.hold': 1 })
    expect(did).toEqual(Object.fromEntries(Object.entries(foreseen).filter(([name]) => !name.startsWith('stays.'))))
    expect(await foreseeRetained(services)).toMatchObject({ reports: 0 })
  })

  it('works in pages and a second run finds nothing', async () => {
    for (let times = 0; times < 3; times++) await aClosed()

    const page = await answerOf(world.server.rpc('remove_over', { p: { limit: 2 } }))

    expect(page).toMatchObject({ reports: 2, has_more: true })
    expect(await answerOf(world.server.rpc('remove_over', { p: { limit: 2 } }))).toMatchObject({ reports: 1, has_more: false })
    expect(await retainReports(services)).toMatchObject({ reports: 0, files: 0 })
  })

  it('leaves what is under reveal, asked or open, until that is over', async () => {
    const report = await aClosed({ contact_mode: 'sealed', contact_sealed: sealed('who'), contact_key: sealed('key'), owner_hash: aHash() })
    const { reveal } = await rpc('officer_wang', 'ask_reveal', { p: { reference: report.reference, reason: 'The sender may be in danger' } })
    await retainReports(services)
    expect(await isThere(report), 'asked').toBe(true)
    await rpc('lead_zhao', 'decide_reveal', { p_reference: report.reference, p_id: (reveal as { id: string }).id, p_approves: true })
    await retainReports(services)
    expect(await isThere(report), 'open').toBe(true)

    await world.sql`update private.reveals set asked_at = asked_at - interval '2 days', decided_at = decided_at - interval '2 days', expires_at = expires_at - interval '2 days' where report_id = ${report.id}`
    await retainReports(services)

    expect(await isThere(report)).toBe(false)
  })

  it('leaves what still owes a visit, and the report that a duplicate points to until the duplicate went', async () => {
    const visited = await aReport(world)
    await moveReport(world, 'lead_zhao', visited, 'received', 'triaged')
    await moveReport(world, 'lead_zhao', visited, 'triaged', 'closed', { closed_reason: 'no_further_action' })
    await age(visited, 400)
    const [into, duplicate] = [await aClosed(), await aReport(world)]
    await world.sql`update public.reports set status = 'closed', closed_reason = 'duplicate', merged_into = ${into.id}, closed_at = now() where id = ${duplicate.id}`

    expect(await foreseeRetained(services)).toMatchObject({ 'reports': 0, 'stays.revisit': 1, 'stays.merged': 1 })
    await retainReports(services)
    expect([await isThere(visited), await isThere(into)]).toEqual([true, true])

    await age(duplicate, 400)
    await retainReports(services)
    await retainReports(services)
    expect([await isThere(duplicate), await isThere(into)]).toEqual([false, false])
    await world.sql`update public.revisits set stopped_at = now() where report_id = ${visited.id}`
  })

  it('a withdrawn report keeps its text for its retention (RULES D4), and so does what an erased account left', async () => {
    const withdrawn = await aReport(world)
    await answerOf(world.server.rpc('withdraw_report', { p: { reference: withdrawn.reference, access: withdrawn.access } }))
    const left = await aNamedReport(world, 'bo_resident')
    await close(left, 'lead_zhao')
    await world.sql`update public.reports set owner_id = null, contact_sealed = null, contact_key = null, nonce = null where id = ${left.id}`
    for (const report of [withdrawn, left]) await age(report, 300)

    expect(await retainReports(services)).toMatchObject({ reports: 0 })
    expect(await world.sql`select from public.reports where id = ${withdrawn.id} and content_sealed is not null`).toHaveLength(1)
    for (const report of [withdrawn, left]) await age(report, 366)
    expect((await answerOf(world.server.rpc('foresee_retention'))).foreseen).toMatchObject({ reports: { test_theft: 2 }, detached: 1 })
    expect(await retainReports(services)).toMatchObject({ reports: 2 })
  })

  it('the verifier calls it erased by the rules, not removed', async () => {
    const report = await aClosed({ attachments: [anAttachment()] })
    await sealRows(services)
    await retainReports(services)
    await sealRows(services)

    expect(await isThere(report)).toBe(false)
    expect(await verifyChain(services)).toMatchObject({ findings: 0 })
  })

  it('whom a report about the police named reads nothing of it in the log afterwards either (RULES A6)', async () => {
    const report = await aClosed({ category: 'test_police', about_staff: [world.person.chief_sun.id] })
    await retainReports(services)
    expect(await isThere(report)).toBe(false)

    const rowsOf = async (who: Person) => (await (await world.as(who)).from('audit_log').select('id').eq('noun_id', report.id)).data?.length
    expect(await rowsOf('chief_sun')).toBe(0)
    expect(await rowsOf('chief_qian')).toBeGreaterThan(0)
    const listed = (answer: Answer) => (answer.entries as { details: { erased?: string } }[]).filter(({ details }) => details.erased === report.reference).length
    expect(listed(await rpc('chief_sun', 'list_audit_log', { p: { limit: 200 } }))).toBe(0)
    expect(listed(await rpc('chief_qian', 'list_audit_log', { p: { limit: 200 } }))).toBe(1)
  })
})

describe('terms', () => {
  it('a shorter one holds for reports that come after it; a longer one for all; both are in the log', async () => {
    const before = await aClosed({ category: 'test_violence' }, 200)
    expect(await rpc('chief_sun', 'change_retention', { p: { category: 'test_violence', days: 100 } })).toEqual({ ok: true, days: 100 })
    const after = await aClosed({ category: 'test_violence' }, 200)
    await world.sql`update public.reports set received_at = now() + interval '1 second' where id = ${after.id}`

    expect(await retainReports(services)).toMatchObject({ 'reports.test_violence': 1 })
    expect([await isThere(before), await isThere(after)]).toEqual([true, false])
    expect((await world.sql`select actor_id, details from public.audit_log where action = 'retention.changed' order by id desc limit 1`)[0])
      .toMatchObject({ actor_id: world.person.chief_sun.id, details: { category: 'test_violence', from_days: 365, to_days: 100 } })
    await rpc('chief_sun', 'change_retention', { p: { category: 'test_violence', days: 365 } })
  })

  it('are set by the chief of this deployment\'s station alone, within their bounds', async () => {
    for (const who of ['chief_far', 'lead_zhao', 'auditor_wu', 'admin_zheng', 'officer_wang', 'amina_resident'] as const) expect(await rpc(who, 'change_retention', { p: { category: 'test_theft', days: 100 } }), who).toEqual({ ok: false, code: 'forbidden' })
    for (const p of [{ category: 'test_theft', days: 29 }, { category: 'none', days: 100 }, { kind: 'mails_dead', days: 366 }, { kind: 'drafts', days: 3 }, { kind: 'mails_dead' }]) expect(await rpc('chief_sun', 'change_retention', { p })).toEqual({ ok: false, code: 'invalid_input' })

    expect(await rpc('chief_sun', 'change_retention', { p: { kind: 'mails_dead', days: 60 } })).toEqual({ ok: true, days: 60 })
    await rpc('chief_sun', 'change_retention', { p: { kind: 'mails_dead', days: 90 } })
  })

  it('the page is for chief, auditor and admin; only the chief may change', async () => {
    for (const who of ['lead_zhao', 'officer_wang', 'amina_resident'] as const) expect(await rpc(who, 'read_retention'), who).toEqual({ ok: false, code: 'forbidden' })
    for (const [who, mayChange] of [['chief_sun', true], ['auditor_wu', false], ['admin_zheng', false]] as const) {
      const { access_token: accessToken } = (await (await world.as(who)).auth.getSession()).data.session!
      expect((await deskRetentionQueries(services.clients, { accessToken }).read()).may_change, who).toBe(mayChange)
    }
  })

  it('every rule that a job takes names a job that there is', async () => {
    const rows = await world.sql<{ job: string }[]>`select distinct job from private.retention_rules where job is not null`

    expect(rows.map(({ job }) => job).filter(job => !jobs.some(({ name }) => name === job))).toEqual([])
  })

  it('the terms that lie in the code are those of the table', async () => {
    const span = async (kind: string) => (await world.sql`select keep_for::text from private.retention_rules where kind = ${kind}`)[0]?.keep_for as string
    for (const [minutes, left] of [[-1, 2], [1, 0]] as const) {
      const mark = randomUUID()
      await world.sql`insert into private.idempotency_keys (key_hash, body_hash, report_id, created_at) values (${mark}, 'x', ${mark}, now() - ${await span('idempotency_keys')}::interval - make_interval(mins => ${minutes}))`
      await world.sql`insert into private.rate_windows (bucket, used, started_at) values (${mark}, 1, now() - ${await span('rate_windows')}::interval - make_interval(mins => ${minutes}))`
      await answerOf(world.server.rpc('purge_expired', {}))
      expect(await world.sql`select key_hash as mark from private.idempotency_keys where key_hash = ${mark} union all select bucket from private.rate_windows where bucket = ${mark}`).toHaveLength(left)
    }
    const [views] = await world.sql`select pg_get_expr(adbin, adrelid) as text from pg_attrdef where adrelid = 'private.view_sessions'::regclass and pg_get_expr(adbin, adrelid) like '%interval%'`
    expect(views?.text).toContain(await span('view_sessions'))
  })
})

describe('holds', () => {
  it('are placed and lifted by lead or chief who may see the report, with a reason, and logged', async () => {
    const report = await aClosed()
    const p = { reference: report.reference, reason: 'an inquiry is under way' }
    for (const who of ['officer_wang', 'auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] as const) expect(await rpc(who, 'hold_report', { p }), who).toMatchObject({ ok: false, code: 'not_found' })
    expect(await rpc('lead_zhao', 'hold_report', { p: { ...p, reason: 'short' } })).toEqual({ ok: false, code: 'reason_missing' })

    expect(await rpc('lead_zhao', 'hold_report', { p })).toEqual({ ok: true })
    expect(await rpc('chief_sun', 'hold_report', { p })).toEqual({ ok: false, code: 'conflict' })
    await retainReports(services)
    expect(await isThere(report)).toBe(true)
    expect(await rpc('chief_sun', 'lift_hold', { p_reference: report.reference })).toEqual({ ok: true })
    expect(await rpc('chief_sun', 'lift_hold', { p_reference: report.reference })).toEqual({ ok: false, code: 'not_found' })
    await retainReports(services)

    expect(await isThere(report)).toBe(false)
    expect((await world.sql`select action from public.audit_log where noun_id = ${report.id} and action like 'report.h%' order by id`).map(({ action }) => action)).toEqual(['report.held', 'report.hold_lifted'])
  })

  it('on a report about the police are not shown to whom it names, nor may they lift one', async () => {
    const report = await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id] })
    await rpc('chief_qian', 'hold_report', { p: { reference: report.reference, reason: 'a complaint is being heard' } })

    const holdsOf = async (who: Person) => ((await rpc(who, 'read_retention')).holds as { reference: string }[]).map(({ reference }) => reference)
    expect(await holdsOf('chief_sun')).not.toContain(report.reference)
    expect(await holdsOf('admin_zheng')).toEqual([])
    expect(await holdsOf('chief_qian')).toContain(report.reference)
    expect(await rpc('chief_sun', 'lift_hold', { p_reference: report.reference })).toMatchObject({ ok: false, code: 'not_found' })
  })
})

describe('every job', () => {
  it('foresees something and changes nothing by it', async () => {
    await aClosed()
    for (const { name, foresee } of jobs) {
      expect(foresee, name).toBeDefined()
      const first = await foresee!(services)
      expect(await foresee!(services), name).toEqual(first)
    }
    expect(await retainReports(services)).toMatchObject({ reports: 1 })
  })
})
