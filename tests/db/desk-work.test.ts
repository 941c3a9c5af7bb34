import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Filed, type Submission, aHash, aNamedReport, aReport, answerOf, deskCall, failureOf, moveReport, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const rpc = async (who: Person, name: string, args: Submission) => answerOf((await world.as(who)).rpc(name, args))
const row = async (report: Filed) => (await world.sql`select * from public.reports where id = ${report.id}`)[0]!
const refused = (code: string) => ({ ok: false, code })

beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

describe('the order of states (RULES D4)', () => {
  const statuses = ['received', 'triaged', 'in_progress', 'resolved', 'closed'] as const
  const follows: Record<string, readonly string[]> = {
    received: ['triaged', 'closed'], triaged: ['in_progress', 'resolved', 'closed'], in_progress: ['resolved', 'closed'], resolved: ['in_progress', 'closed'], closed: ['triaged', 'in_progress'],
  }

  it.each(statuses.flatMap(from => statuses.map(to => [from, to] as const)))('from %s to %s', async (from, to) => {
    const report = await aReport(world)
    await arriveAt(report, from)

    const answer = await moveReport(world, 'officer_wang', report, from, to, { closed_reason: 'referred' })

    if (follows[from]!.includes(to)) expect(answer).toMatchObject({ ok: true, status: to })
    else expect(answer).toEqual(refused('status_order'))
    expect((await row(report)).status).toBe(follows[from]!.includes(to) ? to : from)
  })

  it('is kept by the table for every other path too', async () => {
    const report = await aReport(world)

    await expect(world.sql`update public.reports set status = 'resolved', accepted_at = now() where id = ${report.id}`).rejects.toMatchObject({ code: 'PT409', detail: 'status_order' })
  })

  it('what the officer saw must still be so: of two changes at once one wins, the other is a conflict', async () => {
    const report = await aReport(world)

    const answers = await Promise.all(['officer_wang', 'lead_zhao'].map(who => moveReport(world, who as Person, report, 'received', 'triaged')))

    expect(answers.filter(answer => answer.ok)).toHaveLength(1)
    expect(answers.find(answer => !answer.ok)).toEqual({ ok: false, code: 'conflict', status: 'triaged' })
  })

  it('a change that does not say what it saw is a conflict', async () => {
    const report = await aReport(world)

    expect(await deskCall(world, 'officer_wang', 'change_report_status', { reference: report.reference, status: 'triaged', public_sealed: sealed('x') })).toEqual({ ok: false, code: 'conflict', status: 'received' })
    expect(await deskCall(world, 'officer_wang', 'change_report_status', { reference: report.reference, from_status: 'received' })).toEqual(refused('status_order'))
  })

  it.each(['no_further_action', 'referred', 'unfounded', 'spam'])('closing needs a reason, such as %s', async (reason) => {
    const report = await aReport(world)

    expect(await moveReport(world, 'officer_wang', report, 'received', 'closed', { closed_reason: reason })).toMatchObject({ ok: true })
    expect(await row(report)).toMatchObject({ status: 'closed', closed_reason: reason, accepted_at: null })
    expect((await row(report)).closed_at).not.toBeNull()
  })

  it.each([undefined, null, 'duplicate', 'withdrawn', 'because'])('closing with %s as the reason is refused', async (closed_reason) => {
    const report = await aReport(world)

    expect(await moveReport(world, 'officer_wang', report, 'received', 'closed', { closed_reason })).toEqual(refused('reason_missing'))
  })

  it('what its reporter took back stays closed: the desk neither reopens it nor merges another into it, and no other path does', async () => {
    const [report, other] = [await aReport(world), await aReport(world)]
    await answerOf(world.server.rpc('withdraw_report', { p: { reference: report.reference, access: report.access } }))

    for (const to of ['triaged', 'in_progress']) expect(await moveReport(world, 'chief_sun', report, 'closed', to)).toEqual(refused('status_order'))
    expect(await rpc('chief_sun', 'merge_report', { p_reference: other.reference, p_into: report.reference })).toEqual(refused('merge_not_allowed'))
    await expect(world.sql`update public.reports set status = 'triaged', closed_reason = null, closed_at = null where id = ${report.id}`).rejects.toMatchObject({ code: 'PT409', detail: 'status_order' })
    expect(await row(report)).toMatchObject({ status: 'closed', closed_reason: 'withdrawn' })
  })

  it('reopening takes reason and closing time away and keeps when it was accepted', async () => {
    const report = await aReport(world)
    await moveReport(world, 'officer_wang', report, 'received', 'triaged')
    const { accepted_at } = await row(report)
    await moveReport(world, 'officer_wang', report, 'triaged', 'closed', { closed_reason: 'unfounded' })
    await moveReport(world, 'officer_wang', report, 'closed', 'in_progress')

    expect(await row(report)).toMatchObject({ status: 'in_progress', closed_reason: null, closed_at: null, accepted_at })
  })

  it('says what it did to the ladder: who visits by when, without anybody\'s words, and no opening is logged', async () => {
    const report = await aReport(world)

    const accepted = await moveReport(world, 'officer_wang', report, 'received', 'triaged')
    const stopped = await moveReport(world, 'officer_wang', report, 'triaged', 'closed', { closed_reason: 'spam' })
    const again = await moveReport(world, 'officer_wang', report, 'closed', 'triaged')

    expect(accepted.revisits).toEqual([{ id: expect.any(String), round: 1, step: 1, level: 'officer', opened_at: expect.any(String), due_at: expect.any(String), may_visit: true, stopped_at: null }])
    expect(stopped.revisits).toMatchObject([{ round: 1, may_visit: false, stopped_at: expect.any(String) }])
    expect(again.revisits).toMatchObject([{ round: 1, may_visit: false }, { round: 2, step: 1, may_visit: true, stopped_at: null }])
    expect(await world.sql`select id from public.audit_log where noun_id = ${report.id} and action = 'report.opened'`).toEqual([])
  })

  it('each change carries its sentence to the reporter, and its note stays inside', async () => {
    const report = await aReport(world)
    await moveReport(world, 'officer_wang', report, 'received', 'triaged', { public_sealed: sealed('we took it on'), note_sealed: sealed('internal') })

    const page = await answerOf(world.server.rpc('track_report', { p: { reference: report.reference, access: report.access, guess_limits: [] } }))

    // Accepting opens the ladder in the same moment; the sentence stands before it.
    const events = page.events as Submission[]
    expect(events.map(({ kind }) => kind)).toEqual(['received', 'status', 'revisit_opened'])
    expect(events.at(-2)).toMatchObject({ kind: 'status', status: 'triaged', public_sealed: sealed('we took it on'), by: 'staff' })
    expect(events.at(-1)).toMatchObject({ kind: 'revisit_opened', public_sealed: null })
    expect(await world.sql`select text_sealed from public.report_notes where report_id = ${report.id}`).toEqual([{ text_sealed: sealed('internal') }])
  })

  async function arriveAt(report: Filed, status: (typeof statuses)[number]) {
    const path: Record<string, string[]> = { received: [], triaged: ['triaged'], in_progress: ['triaged', 'in_progress'], resolved: ['triaged', 'resolved'], closed: ['closed'] }
    let from = 'received'
    for (const to of path[status]!) {
      await moveReport(world, 'officer_wang', report, from, to, { closed_reason: 'referred' })
      from = to
    }
  }
})

describe('assigning', () => {
  const assign = (who: Person, report: Filed, to: Person | null) => rpc(who, 'assign_report', { p_reference: report.reference, p_staff: to && world.person[to].id })

  it('an officer takes a report and gives it back, but hands it to nobody', async () => {
    const report = await aReport(world)

    expect(await assign('officer_wang', report, 'officer_li')).toEqual(refused('forbidden'))
    expect(await assign('officer_wang', report, null)).toEqual(refused('forbidden'))
    expect(await assign('officer_wang', report, 'officer_wang')).toMatchObject({ ok: true })
    expect(await assign('officer_wang', report, null)).toMatchObject({ ok: true, assigned_to: null })
  })

  it('lead and chief hand out to officer, lead and chief of the station, not to auditor, admin, residents or another station', async () => {
    const report = await aReport(world)

    for (const to of ['officer_li', 'lead_zhao', 'chief_sun'] as const) expect(await assign('lead_zhao', report, to), to).toMatchObject({ ok: true, assigned_to: world.person[to].id })
    for (const to of ['auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] as const) expect(await assign('chief_sun', report, to), to).toEqual(refused('assignee_not_allowed'))
  })

  it('not to somebody who was deactivated', async () => {
    const report = await aReport(world)
    const persona = await world.backend.createUser('retired_officer')
    await world.sql`insert into public.staff (user_id, station_id, role, name, badge_number, is_active) values (${persona.id}, ${world.station.home}, 'officer', '{"zh": "x", "en": "x"}', ${persona.id}, false)`

    expect(await rpc('lead_zhao', 'assign_report', { p_reference: report.reference, p_staff: persona.id })).toEqual(refused('assignee_not_allowed'))
  })

  it('a report about the police goes to a chief who is not named in it', async () => {
    const report = await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id] })

    expect(await assign('chief_qian', report, 'chief_qian')).toMatchObject({ ok: true })
    for (const to of ['chief_sun', 'lead_zhao', 'officer_wang'] as const) expect(await assign('chief_qian', report, to), to).toEqual(refused('assignee_not_allowed'))
  })
})

describe('merging (RULES D4)', () => {
  const merge = (who: Person, from: Pick<Filed, 'reference'>, into: Pick<Filed, 'reference'>) => rpc(who, 'merge_report', { p_reference: from.reference, p_into: into.reference })

  it('closes the duplicate, points to the other, and keeps both receipts and threads', async () => {
    const [one, other] = [await aReport(world), await aReport(world)]

    expect(await merge('officer_wang', one, other)).toEqual({ ok: true, into: other.reference })
    expect(await row(one)).toMatchObject({ status: 'closed', closed_reason: 'duplicate', merged_into: other.id })
    for (const report of [one, other]) expect(await answerOf(world.server.rpc('track_report', { p: { reference: report.reference, access: report.access } }))).toMatchObject({ ok: true })
    expect(await moveReport(world, 'officer_wang', one, 'closed', 'triaged')).toEqual(refused('status_order'))
  })

  it('both ways at once: one wins, nobody waits for ever, no circle', async () => {
    for (let round = 0; round < 5; round++) {
      const [one, other] = [await aReport(world), await aReport(world)]

      const answers = await Promise.all([merge('officer_wang', one, other), merge('lead_zhao', other, one), merge('chief_sun', one, other)])

      expect(answers.filter(answer => answer.ok)).toHaveLength(1)
      expect(answers.filter(answer => !answer.ok).every(answer => answer.code === 'merge_not_allowed')).toBe(true)
      expect([(await row(one)).merged_into, (await row(other)).merged_into].filter(Boolean)).toHaveLength(1)
    }
  })

  it('three in a ring at once make no circle and no chain', async () => {
    const ring = [await aReport(world), await aReport(world), await aReport(world)]

    await Promise.all(ring.map((report, n) => merge('lead_zhao', report, ring[(n + 1) % 3]!)))

    const rows = await Promise.all(ring.map(row))
    for (const merged of rows.filter(each => each.merged_into)) expect(rows.find(each => each.id === merged.merged_into)!.merged_into).toBeNull()
    expect(rows.filter(each => each.merged_into).length).toBeLessThan(3)
  })

  it('not into itself, not into one that is merged, not a closed one, not one that has duplicates', async () => {
    const [one, two, three, closed] = [await aReport(world), await aReport(world), await aReport(world), await aReport(world)]
    await merge('officer_wang', one, two)
    await moveReport(world, 'officer_wang', closed, 'received', 'closed', { closed_reason: 'unfounded' })

    for (const [from, into] of [[two, two], [three, one], [closed, two], [two, three], [one, three]] as const) expect(await merge('officer_wang', from, into)).toEqual(refused('merge_not_allowed'))
  })

  it('needs the right to both', async () => {
    const [pingAn, changLe, far] = [await aReport(world), await aReport(world, { community: world.community.changLe, grid: world.grid.changLe }), await aReport(world, { station: world.station.far, community: world.community.far, grid: world.grid.far })]

    for (const [who, from, into] of [['officer_wang', pingAn, changLe], ['officer_wang', changLe, pingAn], ['chief_sun', pingAn, far], ['auditor_wu', pingAn, changLe], ['admin_zheng', pingAn, changLe]] as const) {
      expect(await merge(who, from, into), who).toEqual(refused('not_found'))
    }
    expect(await merge('lead_zhao', pingAn, changLe)).toMatchObject({ ok: true })
  })

  it('tells a named reporter of the merge and of its undoing', async () => {
    const [one, other] = [await aNamedReport(world, 'amina_resident'), await aReport(world)]
    await merge('officer_wang', one, other)
    await rpc('officer_wang', 'unmerge_report', { p_reference: one.reference })

    expect((await world.sql`select template from public.outbox where noun_id = ${one.id} order by id`).map(letter => letter.template)).toEqual(['reports.received', 'reports.status_changed', 'reports.status_changed'])
  })

  it('is undone: the duplicate is a case of its own again', async () => {
    const [one, other] = [await aReport(world), await aReport(world)]
    await merge('officer_wang', one, other)

    expect(await rpc('officer_li', 'unmerge_report', { p_reference: one.reference })).toEqual(refused('not_found'))
    expect(await rpc('officer_wang', 'unmerge_report', { p_reference: one.reference })).toMatchObject({ ok: true, revisits: [{ step: 1, level: 'officer', may_visit: true }] })
    expect(await row(one)).toMatchObject({ status: 'triaged', closed_reason: null, merged_into: null, closed_at: null })
    expect(await rpc('officer_wang', 'unmerge_report', { p_reference: one.reference })).toEqual(refused('merge_not_allowed'))
  })
})

describe('bans (RULES G2)', () => {
  const ban = (who: Person, report: Filed, subject_hash = aHash(), reason = 'insults every day') => deskCall(world, who, 'ban_reporter', { reference: report.reference, subject_hash, reason })

  it('a banned account\'s later reports are accepted but hidden; after the ban is lifted they are not', async () => {
    const report = await aNamedReport(world, 'amina_resident')
    const hash = aHash()
    expect(await ban('lead_zhao', report, hash)).toEqual({ ok: true })
    const banned = await aNamedReport(world, 'amina_resident', { ban_hashes: [hash, aHash()] })
    const [{ id }] = await world.sql<{ id: string }[]>`select id from public.bans where subject_hash = ${hash}` as unknown as [{ id: string }]
    expect(await rpc('chief_sun', 'lift_ban', { p_id: id })).toEqual({ ok: true })
    const later = await aNamedReport(world, 'amina_resident', { ban_hashes: [hash] })

    expect([(await row(report)).is_hidden, (await row(banned)).is_hidden, (await row(later)).is_hidden]).toEqual([false, true, false])
    expect(await rpc('chief_sun', 'lift_ban', { p_id: id })).toEqual(refused('not_found'))
  })

  it('counts at its own station only', async () => {
    const hash = aHash()
    await ban('chief_sun', await aNamedReport(world, 'bo_resident'), hash)
    const elsewhere = await aNamedReport(world, 'bo_resident', { ban_hashes: [hash], station: world.station.far, community: world.community.far, grid: world.grid.far })

    expect((await row(elsewhere)).is_hidden).toBe(false)
  })

  it('an officer may not ban or lift, a chief of another station finds nothing', async () => {
    const report = await aNamedReport(world, 'bo_resident')
    const hash = aHash()
    await ban('chief_sun', report, hash)
    const [{ id }] = await world.sql<{ id: string }[]>`select id from public.bans where subject_hash = ${hash}` as unknown as [{ id: string }]

    expect(await ban('officer_wang', report)).toEqual(refused('forbidden'))
    expect(await ban('chief_far', report)).toEqual(refused('not_found'))
    expect(await ban('auditor_wu', report)).toEqual(refused('not_found'))
    expect(await rpc('chief_far', 'lift_ban', { p_id: id })).toEqual(refused('not_found'))
    for (const who of ['officer_wang', 'auditor_wu', 'admin_zheng', 'bo_resident'] as const) expect(await rpc(who, 'lift_ban', { p_id: id }), who).toEqual(refused('forbidden'))
  })

  it('the account is handed to the server for lead and chief only, and a report without one says so', async () => {
    const [named, anonymous] = [await aNamedReport(world, 'bo_resident'), await aReport(world)]
    const begin = (who: Person, report: Filed) => deskCall(world, who, 'begin_ban', { reference: report.reference })

    expect(await begin('lead_zhao', named)).toEqual({ ok: true, owner_id: world.person.bo_resident.id, owner_hash: null, chat_hash: null })
    expect(await begin('officer_wang', named)).toEqual(refused('forbidden'))
    expect(await begin('chief_far', named)).toEqual(refused('not_found'))
    expect(await begin('lead_zhao', anonymous)).toEqual(refused('no_account'))
  })

  it('a Telegram chat is banned where a report is followed in it or a thread came from it, and then hides its anonymous reports, too', async () => {
    const [chat, hash, fromThread] = [aHash(), aHash(), aHash()]
    const report = await aReport(world)
    await world.server.rpc('follow_by_telegram', { p: { reference: report.reference, chat_hash: chat, handle_sealed: sealed('chat id') } })
    const thread = { id: randomUUID(), conversation: randomUUID() }
    await world.sql`insert into private.chat_conversations (id, channel, key_hash, handle_sealed, locale, state_sealed) values (${thread.conversation}, 'telegram', ${chat}, ${sealed('handle')}, 'en', ${sealed('state')})`
    await world.server.rpc('open_thread', { p: { ...thread, channel: 'telegram', handle_sealed: sealed('handle'), locale: 'en', community: world.community.pingAn, messages: [] } })
    const byThread = (who: Person, name: string, more = {}) => deskCall(world, who, name, { thread: thread.id, ...more })

    expect(await deskCall(world, 'lead_zhao', 'begin_ban', { reference: report.reference })).toEqual({ ok: true, owner_id: null, owner_hash: null, chat_hash: chat })
    expect(await deskCall(world, 'lead_zhao', 'ban_reporter', { reference: report.reference, kind: 'chat', subject_hash: hash, reason: 'insults every day' })).toEqual({ ok: true })
    expect(await byThread('lead_zhao', 'begin_chat_ban')).toEqual({ ok: true, chat_hash: chat })
    expect(await byThread('lead_zhao', 'ban_chat', { subject_hash: fromThread, reason: 'insults every day' })).toEqual({ ok: true })
    for (const name of ['begin_chat_ban', 'ban_chat']) {
      const more = { subject_hash: aHash(), reason: 'insults every day' }
      expect(await byThread('officer_wang', name, more)).toEqual(refused('forbidden'))
      for (const who of ['chief_far', 'auditor_wu', 'admin_zheng', 'bo_resident'] as const) expect(await byThread(who, name, more), who).toEqual(refused('not_found'))
    }

    const [byReport, byWords, stranger] = [await aReport(world, { ban_hashes: [hash] }), await aReport(world, { ban_hashes: [fromThread] }), await aReport(world, { ban_hashes: [aHash()] })]
    expect([(await row(byReport)).is_hidden, (await row(byWords)).is_hidden, (await row(stranger)).is_hidden]).toEqual([true, true, false])
    expect(await world.sql`select kind from public.bans where subject_hash in (${hash}, ${fromThread})`).toEqual([{ kind: 'chat' }, { kind: 'chat' }])
    expect(await world.sql`select actor_role from public.audit_log where action = 'chat.sender_banned' and noun_id = ${thread.id}`).toEqual([{ actor_role: 'lead' }])
  })

  it('a chat on the web has nobody to ban', async () => {
    const thread = { id: randomUUID(), conversation: randomUUID() }
    await world.server.rpc('open_thread', { p: { ...thread, channel: 'web', locale: 'en', community: world.community.pingAn, messages: [] } })

    expect(await deskCall(world, 'lead_zhao', 'begin_chat_ban', { thread: thread.id })).toEqual(refused('no_account'))
  })

  it('banning twice is one ban, and a reason is needed', async () => {
    const report = await aNamedReport(world, 'bo_resident')
    const hash = aHash()
    await Promise.all([ban('lead_zhao', report, hash), ban('chief_sun', report, hash)])

    expect(await world.sql`select id from public.bans where subject_hash = ${hash}`).toHaveLength(1)
    expect((await failureOf(world.server.rpc('ban_reporter', { p: { reference: report.reference, subject_hash: aHash(), reason: '', ...await world.actor('lead_zhao') } }))).status).toBe(400)
  })
})

describe('the desk\'s words', () => {
  it('a summary is kept, trimmed and cleared, up to 2000 characters', async () => {
    const report = await aReport(world)
    const summarise = (text: string | null) => rpc('officer_wang', 'summarise_report', { p_reference: report.reference, p_summary: text })

    expect(await summarise('  bicycle stolen 自行车  ')).toEqual({ ok: true })
    expect((await row(report)).summary).toBe('bicycle stolen 自行车')
    expect(await summarise('x'.repeat(2001))).toEqual(refused('too_long'))
    for (const empty of ['   ', null]) {
      expect(await summarise(empty)).toEqual({ ok: true })
      expect((await row(report)).summary).toBeNull()
    }
  })

  it('a letter from the desk is sent once and told to a named reporter once', async () => {
    const report = await aNamedReport(world, 'amina_resident')
    const letter = { reference: report.reference, message_id: randomUUID(), text_sealed: sealed('please come by') }

    await Promise.all([deskCall(world, 'officer_wang', 'add_staff_message', letter), deskCall(world, 'officer_wang', 'add_staff_message', letter)])

    expect(await world.sql`select author_id from public.report_messages where report_id = ${report.id}`).toEqual([{ author_id: world.person.officer_wang.id }])
    expect(await world.sql`select recipient_id, locale from public.outbox where noun_id = ${report.id} and template = 'reports.message_received'`).toEqual([{ recipient_id: world.person.amina_resident.id, locale: 'zh' }])
  })

  it('an anonymous reporter gets no letter outside the portal', async () => {
    const report = await aReport(world)
    await moveReport(world, 'officer_wang', report, 'received', 'triaged')

    expect(await world.sql`select id from public.outbox where noun_id = ${report.id}`).toEqual([])
  })

  it('a released report is neither hidden nor unverified any more', async () => {
    const report = await aReport(world, { challenge: null, is_unverified: true })
    await world.sql`update public.reports set is_hidden = true where id = ${report.id}`

    expect(await rpc('officer_wang', 'release_report', { p_reference: report.reference })).toEqual({ ok: true })
    expect(await row(report)).toMatchObject({ is_hidden: false, is_unverified: false })
  })
})
