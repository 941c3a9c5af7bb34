import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Filed, aHash, aNamedReport, aReport, answerOf, deskCall, failureOf, moveReport, sealed, type Submission } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
const call = (name: string, p: Submission) => answerOf(world.server.rpc(name, { p }))
const track = (report: Pick<Filed, 'reference'>, access: Submission, rest: Submission = {}) => call('track_report', { reference: report.reference, access, guess_limits: [], ...rest })

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

/** A public report that the desk has accepted, so that neighbours may follow it. */
async function aPublicReport() {
  const report = await aReport(world, { category: 'test_noise' })
  await moveReport(world, 'officer_wang', report, 'received', 'triaged')
  return report
}

describe('what the reporter is told about the way of a report', () => {
  const reportOf = async (report: Filed) => z.object({ report: z.looseObject({}) }).parse(await track(report, report.access)).report

  it('that it waits beside the others as long as no check and nobody has passed it, hidden or not; an urgent one never waits (RULES G2)', async () => {
    const apart = { challenge: null, is_unverified: true }
    const [checked, unchecked, hidden, urgent] = [await aReport(world), await aReport(world, apart), await aReport(world, apart), await aReport(world, { ...apart, category: 'test_violence' })]
    await world.sql`update public.reports set is_hidden = true where id = ${hidden.id}`

    expect(await reportOf(checked)).toMatchObject({ waits_apart: false })
    expect(await reportOf(unchecked)).toMatchObject({ waits_apart: true })
    expect(await reportOf(hidden)).toMatchObject({ waits_apart: true })
    expect(await reportOf(urgent)).toMatchObject({ waits_apart: false })
    await moveReport(world, 'officer_wang', unchecked, 'received', 'triaged')
    expect(await reportOf(unchecked)).toMatchObject({ waits_apart: false })
  })

  it('that coming back means a letter, unless there is a name and a way to reach them (RULES D3)', async () => {
    const named = await aNamedReport(world, 'bo_resident')
    const quiet = await aNamedReport(world, 'bo_resident', { is_portal_only: true })

    expect(await reportOf(await aReport(world))).toMatchObject({ is_by_letter: true })
    expect(await reportOf(named)).toMatchObject({ is_by_letter: false })
    expect(await reportOf(quiet)).toMatchObject({ is_by_letter: true })
  })
})

describe('reference and receipt', () => {
  it('open the report; a wrong receipt and an unknown reference answer alike', async () => {
    const report = await aReport(world)
    const other = await aReport(world)

    expect(await track(report, report.access)).toMatchObject({ ok: true, viewer: 'reporter', content_sealed: sealed('what happened') })
    const wrong = await track(report, { receipt_hash: aHash() })
    const unknown = await track({ reference: 'LL-0000-0000' }, { receipt_hash: aHash() })
    expect(wrong).toEqual({ ok: false, code: 'not_found' })
    expect(unknown).toEqual(wrong)
    expect(await track(report, other.access)).toEqual(wrong)
    expect(await track(report, {})).toEqual(wrong)
  })

  it('wrong guesses are counted, and the count is kept', async () => {
    const report = await aReport(world)
    const guess_limits = [{ bucket: `g-${randomUUID()}`, times: 2, seconds: 3600 }]

    await track(report, { receipt_hash: aHash() }, { guess_limits })
    await track(report, report.access, { guess_limits })
    await track({ reference: 'LL-0000-0000' }, report.access, { guess_limits })
    const third = await track(report, { receipt_hash: aHash() }, { guess_limits })

    expect(third).toMatchObject({ ok: false, code: 'rate_limited' })
  })

  it('a limit that wrong receipts used up answers the right one alike, until it runs out; another sender and an open view are not held', async () => {
    const report = await aReport(world)
    const view_token_hash = aHash()
    await call('start_view', { reference: report.reference, receipt_hash: report.receiptHash, view_token_hash, guess_limits: [] })
    const guess_limits = [{ bucket: `g-${randomUUID()}`, times: 3, seconds: 3600 }]
    const withLimits = (receipt_hash: string) => ({ receipt_hash, guess_limits })
    for (let guess = 0; guess < 3; guess++) expect(await track(report, withLimits(aHash()), { guess_limits })).toMatchObject({ code: 'not_found' })

    const wrong = await track(report, withLimits(aHash()), { guess_limits })
    const right = await track(report, withLimits(report.receiptHash), { guess_limits })
    const started = await call('start_view', { reference: report.reference, receipt_hash: report.receiptHash, view_token_hash: aHash(), guess_limits })
    const added = await call('begin_addition', { reference: report.reference, access: withLimits(report.receiptHash), guess_limits })

    expect(wrong).toMatchObject({ ok: false, code: 'rate_limited' })
    for (const held of [right, started, added]) expect(held).toEqual({ ...wrong, retry_after: expect.any(Number) })
    expect(await track(report, { view_token_hash }, { guess_limits })).toMatchObject({ ok: true })
    const elsewhere = [{ bucket: `g-${randomUUID()}`, times: 3, seconds: 3600 }]
    expect(await track(report, { receipt_hash: report.receiptHash, guess_limits: elsewhere }, { guess_limits: elsewhere })).toMatchObject({ ok: true })
  })

  it('right receipts use nothing up, and guesses that come at once do not pass together', async () => {
    const report = await aReport(world)
    const guess_limits = [{ bucket: `g-${randomUUID()}`, times: 5, seconds: 3600 }]
    const look = (receipt_hash: string) => track(report, { receipt_hash, guess_limits }, { guess_limits })
    for (let visit = 0; visit < 8; visit++) expect(await look(report.receiptHash)).toMatchObject({ ok: true })

    const guesses = await Promise.all(Array.from({ length: 15 }, () => look(aHash())))

    expect(guesses.filter(({ code }) => code === 'not_found')).toHaveLength(5)
    expect(guesses.filter(({ code }) => code === 'rate_limited')).toHaveLength(10)
    expect(await look(report.receiptHash)).toMatchObject({ code: 'rate_limited' })
  })

  it('start a view session that ends by itself, by leaving, and belongs to this report only', async () => {
    const [report, other] = [await aReport(world), await aReport(world)]
    const tokens = [aHash(), aHash()]
    for (const view_token_hash of tokens) {
      expect(await call('start_view', { reference: report.reference, receipt_hash: report.receiptHash, view_token_hash, guess_limits: [] })).toEqual({ ok: true, viewer: 'reporter' })
    }
    const access = tokens.map(view_token_hash => ({ view_token_hash }))

    expect(await track(report, access[0]!)).toMatchObject({ ok: true, viewer: 'reporter' })
    expect(await track(other, access[0]!)).toEqual({ ok: false, code: 'not_found' })
    await world.server.rpc('end_view', { p_token_hash: tokens[0] })
    expect(await track(report, access[0]!)).toEqual({ ok: false, code: 'not_found' })
    await world.sql`update private.view_sessions set expires_at = now() - interval '1 second' where token_hash = ${tokens[1]!}`
    expect(await track(report, access[1]!)).toEqual({ ok: false, code: 'not_found' })
  })

  it('a view session lasts thirty minutes after it was last used', async () => {
    const report = await aReport(world)
    const token = aHash()
    await call('start_view', { reference: report.reference, receipt_hash: report.receiptHash, view_token_hash: token, guess_limits: [] })
    await world.sql`update private.view_sessions set expires_at = now() + interval '5 minutes' where token_hash = ${token}`

    await track(report, { view_token_hash: token })

    const [row] = await world.sql`select expires_at between now() + interval '29 minutes' and now() + interval '30 minutes' as is_renewed from private.view_sessions where token_hash = ${token}`
    expect(row?.is_renewed).toBe(true)
  })

  it('a view session ends twelve hours after it began, however often it was used', async () => {
    const report = await aReport(world)
    const [token, old] = [aHash(), aHash()]
    for (const view_token_hash of [token, old]) await call('start_view', { reference: report.reference, receipt_hash: report.receiptHash, view_token_hash, guess_limits: [] })
    const [fresh] = await world.sql`select ends_at between now() + interval '11 hours 59 minutes' and now() + interval '12 hours' as is_twelve_hours from private.view_sessions where token_hash = ${token}`
    await world.sql`update private.view_sessions set expires_at = now() + interval '1 minute', ends_at = now() + interval '10 minutes' where token_hash = ${token}`
    await world.sql`update private.view_sessions set expires_at = now(), ends_at = now() where token_hash = ${old}`

    await track(report, { view_token_hash: token })

    expect(fresh?.is_twelve_hours).toBe(true)
    const [row] = await world.sql`select expires_at = ends_at and ends_at < now() + interval '10 minutes' as is_kept_within from private.view_sessions where token_hash = ${token}`
    expect(row?.is_kept_within).toBe(true)
    expect(await track(report, { view_token_hash: old })).toEqual({ ok: false, code: 'not_found' })
    await expect(world.sql`update private.view_sessions set expires_at = ends_at + interval '1 second' where token_hash = ${token}`).rejects.toMatchObject({ code: '23514' })
  })

  it('a wrong receipt starts no view session', async () => {
    const report = await aReport(world)
    const start = (reference: string) => call('start_view', { reference, receipt_hash: aHash(), view_token_hash: aHash(), guess_limits: [] })

    expect(await start(report.reference)).toEqual({ ok: false, code: 'not_found' })
    expect(await start('LL-0000-0000')).toEqual({ ok: false, code: 'not_found' })
  })
})

describe('signed-in owners', () => {
  it('find their named and sealed reports, and never an anonymous one or a neighbour\'s', async () => {
    const ownerHash = aHash()
    const actor = await world.actor('amina_resident')
    const named = await aNamedReport(world, 'amina_resident')
    const hidden = await aReport(world, { contact_mode: 'sealed', owner_hash: ownerHash, ...actor })
    const anonymous = await aReport(world, { ...actor, owner_hash: ownerHash })
    const neighbours = await aNamedReport(world, 'bo_resident')

    const mine = await call('list_my_reports', { ...actor, owner_hash: ownerHash })

    expect((mine.reports as { reference: string }[]).map(report => report.reference)).toEqual([hidden.reference, named.reference])
    expect(await track(hidden, { ...actor, owner_hash: ownerHash })).toMatchObject({ ok: true, viewer: 'reporter' })
    expect(await track(named, { ...actor, owner_hash: ownerHash })).toMatchObject({ ok: true })
    for (const report of [anonymous, neighbours]) expect(await track(report, { ...actor, owner_hash: ownerHash })).toEqual({ ok: false, code: 'not_found' })
  })

  it('need a session that is alive', async () => {
    const access = { actor: world.person.amina_resident.id, session: randomUUID(), owner_hash: aHash() }
    const report = await aNamedReport(world, 'amina_resident')

    expect(await failureOf(world.server.rpc('track_report', { p: { reference: report.reference, access } }))).toEqual({ status: 401, code: 'PT401' })
    expect(await failureOf(world.server.rpc('list_my_reports', { p: access }))).toEqual({ status: 401, code: 'PT401' })
    const someoneElses = { ...access, session: (await world.actor('bo_resident')).session }
    expect(await failureOf(world.server.rpc('track_report', { p: { reference: report.reference, access: someoneElses } }))).toEqual({ status: 401, code: 'PT401' })
  })

  it('without an actor nobody\'s reports are listed', async () => {
    expect(await call('list_my_reports', { owner_hash: aHash() })).toEqual({ ok: false, code: 'sign_in_required' })
  })
})

describe('the tracking page', () => {
  it('shows who opened the report, but not who they are, and no notes', async () => {
    const report = await aReport(world)
    await answerOf((await world.as('officer_wang')).rpc('open_report', { p_reference: report.reference, p_purpose: 'triage' }))
    await deskCall(world, 'officer_wang', 'add_report_note', { reference: report.reference, text_sealed: sealed('internal doubts') })

    const page = await track(report, report.access)

    expect(page.access).toEqual([{ at: expect.any(String), role: 'officer', action: 'report.opened', purpose: 'triage', reason: null, approved_by: null }])
    expect(JSON.stringify(page)).not.toContain(sealed('internal doubts'))
    expect(JSON.stringify(page)).not.toContain(world.person.officer_wang.id)
  })

  it('is not logged when the reporter looks (RULES B3)', async () => {
    const report = await aReport(world)
    await track(report, report.access)

    expect(await world.sql`select action from public.audit_log where noun_id = ${report.id}`).toEqual([{ action: 'report.submitted' }])
  })

  it('marks the desk\'s letters as read', async () => {
    const report = await aReport(world)
    await deskCall(world, 'officer_wang', 'add_staff_message', { reference: report.reference, message_id: randomUUID(), text_sealed: sealed('come by') })
    await track(report, report.access)

    const [letter] = await world.sql`select read_at is not null as is_read from public.report_messages where report_id = ${report.id}`
    expect(letter?.is_read).toBe(true)
  })
})

describe('followers', () => {
  it('follow a public report that was accepted, with a receipt of their own, and read states only', async () => {
    const report = await aPublicReport()
    const receipt_hash = aHash()
    await call('add_reporter_message', { reference: report.reference, access: report.access, message_id: randomUUID(), text_sealed: sealed('a secret'), limits: [] })

    const followed = await call('follow_report', { reference: report.reference, receipt_hash, limits: [] })
    const page = await track(report, { receipt_hash })

    expect(followed).toEqual({ ok: true, reference: report.reference })
    expect(page).toMatchObject({ ok: true, viewer: 'follower', content_sealed: null, content_key: null, messages: [], attachments: [], access: [] })
    expect(page.report).toMatchObject({ content_hash: null, nonce: null })
    expect((page.events as { kind: string, public_sealed: unknown }[]).map(event => [event.kind, event.public_sealed])).toEqual([['received', null], ['status', null]])
  })

  it('may not write, add files, withdraw or seal anything', async () => {
    const report = await aPublicReport()
    const access = { receipt_hash: aHash() }
    await call('follow_report', { reference: report.reference, ...access, limits: [] })
    const p = { reference: report.reference, access }

    for (const [name, rest] of [['begin_addition', { guess_limits: [] }], ['add_reporter_message', { message_id: randomUUID(), text_sealed: sealed('x') }], ['withdraw_report', {}], ['add_attachment', { attachment: {} }], ['open_own_attachment', { id: randomUUID() }]] as const) {
      expect(await call(name, { ...p, ...rest }), name).toEqual({ ok: false, code: 'not_found' })
    }
  })

  it('cannot follow a private, new, closed or hidden report: all answer like an unknown one', async () => {
    const fresh = await aReport(world, { category: 'test_noise' })
    const secret = await aReport(world)
    await moveReport(world, 'officer_wang', secret, 'received', 'triaged')
    const hidden = await aPublicReport()
    await world.sql`update public.reports set is_hidden = true where id = ${hidden.id}`
    const closed = await aPublicReport()
    await moveReport(world, 'officer_wang', closed, 'triaged', 'closed', { closed_reason: 'unfounded' })

    for (const { reference } of [fresh, secret, hidden, closed, { reference: 'LL-0000-0000' }]) {
      expect(await call('follow_report', { reference, receipt_hash: aHash(), limits: [] })).toEqual({ ok: false, code: 'not_found' })
    }
  })

  it('a follower\'s receipt is good for one report', async () => {
    const [one, other] = [await aPublicReport(), await aPublicReport()]
    const receipt_hash = aHash()
    await call('follow_report', { reference: one.reference, receipt_hash, limits: [] })

    expect(await call('follow_report', { reference: one.reference, receipt_hash, limits: [] })).toMatchObject({ ok: true })
    expect(await call('follow_report', { reference: other.reference, receipt_hash, limits: [] })).toEqual({ ok: false, code: 'idempotency_conflict' })
  })

  it('the list of nearby reports shows accepted public ones of the grid and kind, three at most', async () => {
    const report = await aPublicReport()
    await aReport(world, { category: 'test_noise' })
    const { data } = await world.guest.rpc('nearby_reports', { p_category: 'test_noise', p_grid: world.grid.pingAn })
    const elsewhere = await world.guest.rpc('nearby_reports', { p_category: 'test_noise', p_grid: world.grid.changLe })
    const secret = await world.guest.rpc('nearby_reports', { p_category: 'test_theft', p_grid: world.grid.pingAn })

    expect(data).toHaveLength(3)
    expect(data[0]).toEqual({ reference: report.reference, summary: null, status: 'triaged', received_on: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) })
    expect([elsewhere.data, secret.data]).toEqual([[], []])
  })
})

describe('the ladder on the tracking page', () => {
  async function aVisitedReport() {
    const report = await aPublicReport()
    const [revisit] = await world.sql`select id from public.revisits where report_id = ${report.id}`
    await deskCall(world, 'officer_wang', 'record_revisit', {
      reference: report.reference, revisit: revisit?.id, method: 'station', topics: { manner: 'good' }, record_sealed: sealed('who was met'), answer: 'satisfied', comment_sealed: sealed('fine'),
      suggestions: [{ text_sealed: sealed('a lamp'), due_on: '2026-12-01', owner: world.person.lead_zhao.id }],
    })
    return report
  }

  it('shows the reporter each step, their comment and what they proposed: roles, no names, nothing of the record', async () => {
    const report = await aVisitedReport()
    const tracked = await track(report, report.access)

    expect(tracked.revisits).toMatchObject([{
      step: 1, method: 'station', topics: { manner: 'good' }, answer: 'satisfied', answered_by: 'staff', comment_sealed: sealed('fine'),
      suggestions: [{ text_sealed: sealed('a lamp'), owner_role: 'lead', due_on: '2026-12-01', outcome_sealed: null }],
    }])
    expect(tracked.calendar).toEqual({ counting: 'calendar', days: {} })
    const told = JSON.stringify([tracked.revisits, tracked.calendar])
    for (const hidden of [sealed('who was met'), world.person.officer_wang.id, world.person.lead_zhao.id, 'is_drawn', 'asked_again']) expect(told).not.toContain(hidden)
  })

  it('is empty before the report is accepted, and for a follower', async () => {
    const fresh = await aReport(world)
    expect(await track(fresh, fresh.access)).toMatchObject({ viewer: 'reporter', revisits: [] })

    const report = await aVisitedReport()
    const receipt_hash = aHash()
    expect(await call('follow_report', { reference: report.reference, receipt_hash, limits: [] })).toMatchObject({ ok: true })
    expect(await track(report, { receipt_hash })).toMatchObject({ viewer: 'follower', revisits: [], calendar: { counting: 'calendar', days: {} } })
  })

  it.each([['once it is accepted', aVisitedReport], ['before it is', () => aReport(world)]])('brings the named days where the station counts working days, %s', async (_, make) => {
    const report = await make()
    await world.sql`insert into public.calendar_days (station_id, day, kind, name) select ${world.station.home}, private.clock()::date + 2, 'closed', '{"zh": "检修", "en": "Repairs"}'::jsonb`
    await world.sql`update public.stations set day_counting = 'working' where id = ${world.station.home}`
    const tracked = await track(report, report.access)
    await world.sql`update public.stations set day_counting = 'calendar' where id = ${world.station.home}`
    await world.sql`delete from public.calendar_days where station_id = ${world.station.home}`

    expect(tracked.calendar).toEqual({ counting: 'working', days: { [new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)]: 'closed' } })
  })
})
