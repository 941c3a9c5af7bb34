import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHash, aNamedReport, aReport, aSubmission, anAttachment, answerOf, deskCall, failureOf, hex64, sealed, type Submission } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
const submit = (p: Submission) => answerOf(world.server.rpc('submit_report', { p }))
const stored = async (id: unknown) => (await world.sql`select * from public.reports where id = ${String(id)}`)[0]!

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('a repeated send (RULES C1)', () => {
  it('gets the same report back', async () => {
    const submission = aSubmission(world)

    const first = await submit(submission)
    const second = await submit({ ...submission, id: randomUUID(), challenge: null })

    expect(first).toMatchObject({ ok: true, is_replay: false })
    expect(second).toMatchObject({ ok: true, is_replay: true, report: first.report })
  })

  it('with another body is a conflict', async () => {
    const submission = aSubmission(world)
    await submit(submission)

    expect(await submit({ ...submission, body_hash: aHash() })).toEqual({ ok: false, code: 'idempotency_conflict' })
  })

  it('ten at once make one report', async () => {
    const submission = aSubmission(world)

    const answers = await Promise.all(Array.from({ length: 10 }, () => submit({ ...submission, id: randomUUID() })))

    expect(new Set(answers.map(answer => JSON.stringify(answer.report))).size).toBe(1)
    expect(answers.filter(answer => answer.is_replay === false)).toHaveLength(1)
    expect(await world.sql`select id from public.reports where receipt_hash = ${String(submission.receipt_hash)}`).toHaveLength(1)
  })

  it('after the key was forgotten meets its own receipt: a conflict, not a second report and not an error', async () => {
    const submission = aSubmission(world)
    await submit(submission)
    await world.sql`delete from private.idempotency_keys where key_hash = ${String(submission.key_hash)}`

    expect(await submit({ ...submission, id: randomUUID(), challenge: { id: randomUUID(), expires_at: '2099-01-01T00:00:00Z' } })).toEqual({ ok: false, code: 'idempotency_conflict' })
    expect(await world.sql`select id from public.reports where receipt_hash = ${String(submission.receipt_hash)}`).toHaveLength(1)
  })
})

describe('proof of work and limits', () => {
  it('a challenge counts once', async () => {
    const challenge = { id: randomUUID(), expires_at: '2099-01-01T00:00:00Z' }
    await submit(aSubmission(world, { challenge }))

    expect(await submit(aSubmission(world, { challenge }))).toEqual({ ok: false, code: 'challenge_failed' })
  })

  it('of ten sends with one challenge at once one is filed', async () => {
    const challenge = { id: randomUUID(), expires_at: '2099-01-01T00:00:00Z' }

    const answers = await Promise.all(Array.from({ length: 10 }, () => submit(aSubmission(world, { challenge }))))

    expect(answers.filter(answer => answer.ok)).toHaveLength(1)
  })

  it('a challenge that ran out is refused, also after its row was purged', async () => {
    const challenge = { id: randomUUID(), expires_at: new Date(Date.now() - 1000).toISOString() }

    expect(await submit(aSubmission(world, { challenge }))).toEqual({ ok: false, code: 'challenge_failed' })
  })

  it('no proof and no mark "unverified": refused', async () => {
    expect(await submit(aSubmission(world, { challenge: null }))).toEqual({ ok: false, code: 'challenge_failed' })
    expect(await submit(aSubmission(world, { challenge: null, has_proof: false, is_unverified: false }))).toEqual({ ok: false, code: 'challenge_failed' })
    expect(await submit(aSubmission(world, { challenge: null, is_unverified: true }))).toMatchObject({ ok: true })
    expect(await submit(aSubmission(world, { challenge: null, has_proof: true }))).toMatchObject({ ok: true })
  })

  it('a send over the limit is refused with the seconds to wait, the count is kept, and the same key may be sent again', async () => {
    const limits = [{ bucket: `b-${randomUUID()}`, times: 1, seconds: 3600 }]
    await submit(aSubmission(world, { limits }))
    const late = aSubmission(world, { limits })

    const refused = await submit(late)
    const [window] = await world.sql`select used from private.rate_windows where bucket = ${limits[0]!.bucket}`
    const later = await submit({ ...late, limits: [] })

    expect(refused).toMatchObject({ ok: false, code: 'rate_limited' })
    expect(refused.retry_after).toBeGreaterThan(0)
    expect(refused.retry_after).toBeLessThanOrEqual(3600)
    expect(window?.used).toBe(2)
    expect(later).toMatchObject({ ok: true, is_replay: false })
  })

  it('calls that share buckets in another order do not wait for each other for ever', async () => {
    const [a, b] = [`a-${randomUUID()}`, `b-${randomUUID()}`].map(bucket => ({ bucket, times: 1000, seconds: 3600 }))

    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => answerOf(world.server.rpc('take_limits', { p_limits: n % 2 ? [a, b] : [b, a] }))))

    expect(answers.every(answer => answer.ok)).toBe(true)
  })
})

describe('who is behind a report (RULES B1)', () => {
  it('an anonymous report keeps no owner, even if the caller names one', async () => {
    const submission = aSubmission(world, { contact_mode: 'anonymous', owner_hash: aHash(), ...await world.actor('amina_resident') })
    await submit(submission)

    expect(await stored(submission.id)).toMatchObject({ owner_id: null, owner_hash: null, contact_sealed: null, notify_sealed: null })
    const traces = await world.sql`select actor_id, actor_role from public.audit_log where noun_id = ${String(submission.id)} union all select actor_id, actor_role from public.report_events where report_id = ${String(submission.id)}`
    expect(traces).toEqual([{ actor_id: null, actor_role: 'guest' }, { actor_id: null, actor_role: 'guest' }])
  })

  it('an anonymous report with a contact breaks an invariant', async () => {
    expect((await failureOf(world.server.rpc('submit_report', { p: aSubmission(world, { contact_sealed: sealed('13800000000'), contact_key: sealed('key') }) }))).status).toBe(400)
    expect((await failureOf(world.server.rpc('submit_report', { p: aSubmission(world, { notify_sealed: sealed('a@example.test') }) }))).status).toBe(400)
  })

  it('the account ban of its sender does not mark an anonymous report', async () => {
    const owned = await aNamedReport(world, 'amina_resident')
    const hash = aHash()
    await deskCall(world, 'lead_zhao', 'ban_reporter', { reference: owned.reference, subject_hash: hash, reason: 'insults' })

    const anonymous = await aReport(world, { ban_hashes: [hash] })
    const named = await aNamedReport(world, 'amina_resident', { ban_hashes: [hash] })

    expect((await stored(anonymous.id)).is_hidden).toBe(false)
    expect((await stored(named.id)).is_hidden).toBe(true)
  })

  it('a sealed report keeps only the hash of its owner', async () => {
    const ownerHash = aHash()
    const submission = aSubmission(world, { contact_mode: 'sealed', owner_hash: ownerHash, ...await world.actor('amina_resident') })
    await submit(submission)

    expect(await stored(submission.id)).toMatchObject({ owner_id: null, owner_hash: ownerHash })
  })

  it('a named report shows its owner and keeps no hash; a guest\'s named report has neither', async () => {
    const named = await aNamedReport(world, 'amina_resident', { owner_hash: aHash() })
    const guests = await aReport(world, { contact_mode: 'named', contact_sealed: sealed('phone'), contact_key: sealed('key') })

    expect(await stored(named.id)).toMatchObject({ owner_id: world.person.amina_resident.id, owner_hash: null })
    expect(await stored(guests.id)).toMatchObject({ owner_id: null, owner_hash: null })
  })

  it('an actor whose session has ended is refused, and nothing is filed', async () => {
    const submission = aSubmission(world, { contact_mode: 'named', actor: world.person.amina_resident.id, session: randomUUID() })

    expect(await failureOf(world.server.rpc('submit_report', { p: submission }))).toEqual({ status: 401, code: 'PT401' })
    expect(await stored(submission.id)).toBeUndefined()
  })
})

describe('what may be filed', () => {
  it('urgency follows the category, or the emergency rules', async () => {
    const calm = await aReport(world)
    const urgent = await aReport(world, { category: 'test_violence' })
    const raised = await aReport(world, { emergency_kind: 'danger' })

    expect([await stored(calm.id), await stored(urgent.id), await stored(raised.id)].map(row => row.urgency)).toEqual(['normal', 'urgent', 'urgent'])
  })

  it('an unknown or closed category is refused', async () => {
    expect(await submit(aSubmission(world, { category: 'nothing' }))).toEqual({ ok: false, code: 'not_found' })
    expect(await submit(aSubmission(world, { category: 'test_closed' }))).toEqual({ ok: false, code: 'not_found' })
  })

  it('the place fits together: no grid of another community, no community of another station, no grid alone', async () => {
    for (const place of [{ grid: world.grid.changLe }, { community: world.community.far, grid: null }, { community: null }]) {
      const { status } = await failureOf(world.server.rpc('submit_report', { p: aSubmission(world, place) }))
      expect(status, JSON.stringify(place)).toBeGreaterThanOrEqual(400)
      expect(status, JSON.stringify(place)).toBeLessThan(500)
    }
  })

  it('people named in a report are kept for the category about the police only', async () => {
    const about = await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id] })
    const other = await aReport(world, { about_staff: [world.person.chief_sun.id] })

    expect((await stored(about.id)).about_staff).toEqual([world.person.chief_sun.id])
    expect((await stored(other.id)).about_staff).toEqual([])
  })

  it('a text that is not sealed, or too long, is refused by the table', async () => {
    for (const change of [{ content_sealed: 'in the clear' }, { content_key: 'plain' }, { content_sealed: `v1.${'a'.repeat(400_000)}` }, { content_hash: 'x' }, { receipt_hash: hex64() }]) {
      expect((await failureOf(world.server.rpc('submit_report', { p: aSubmission(world, change) }))).status, Object.keys(change)[0]).toBe(400)
    }
  })

  it('takes the files and the draft of a form along; ten files and 100 MB at most', async () => {
    const idHash = aHash()
    await answerOf(world.server.rpc('save_draft', { p: { id_hash: idHash, sealed: sealed('draft'), blobs: ['b'], limits: [] } }))
    const report = await aReport(world, { attachments: [anAttachment(), anAttachment()], draft_id_hash: idHash })

    expect(await world.sql`select id from public.report_attachments where report_id = ${report.id}`).toHaveLength(2)
    // The draft stays ten minutes, without its files, so that a second click gets the same receipt.
    const [draft] = await world.sql<{ blobs: string[], minutes: number }[]>`select blobs, extract(epoch from expires_at - now()) / 60 as minutes from private.report_drafts where id_hash = ${idHash}`
    expect(draft?.blobs).toEqual([])
    expect(Number(draft?.minutes)).toBeLessThanOrEqual(10)
    expect(await failureOf(world.server.rpc('submit_report', { p: aSubmission(world, { attachments: Array.from({ length: 11 }, () => anAttachment()) }) }))).toEqual({ status: 422, code: 'PT422' })
    expect(await failureOf(world.server.rpc('submit_report', { p: aSubmission(world, { attachments: Array.from({ length: 4 }, () => anAttachment({ size_bytes: 30_000_000 })) }) }))).toEqual({ status: 422, code: 'PT422' })
  })

  it('values that are null behave like values that are missing', async () => {
    const nulls = { limits: null, challenge: null, has_proof: true, attachments: null, about_staff: null, ban_hashes: null, draft_id_hash: null, emergency_kind: null, occurred_at: null, actor: null, session: null, owner_hash: null }

    expect(await submit(aSubmission(world, nulls))).toMatchObject({ ok: true })
    expect(await submit(aSubmission(world, { ...nulls, category: 'test_police' }))).toMatchObject({ ok: true })
  })
})

it('the report, its event, its row in the log and its letter are one transaction', async () => {
  const good = await aNamedReport(world, 'amina_resident')
  const bad = aSubmission(world, { contact_mode: 'named', ...await world.actor('amina_resident'), attachments: [anAttachment({ size_bytes: 0 })] })
  const { status } = await failureOf(world.server.rpc('submit_report', { p: bad }))
  const count = async (id: unknown) => (await world.sql`
    select (select count(*)::int from public.reports where id = ${String(id)}) as reports, (select count(*)::int from public.report_events where report_id = ${String(id)}) as events,
      (select count(*)::int from public.audit_log where noun_id = ${String(id)}) as log, (select count(*)::int from public.outbox where noun_id = ${String(id)}) as outbox`)[0]

  expect(status).toBe(400)
  expect(await count(good.id)).toEqual({ reports: 1, events: 1, log: 1, outbox: 1 })
  expect(await count(bad.id)).toEqual({ reports: 0, events: 0, log: 0, outbox: 0 })
})
