import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHash, aReport, anAttachment, answerOf, sealed, type Answer, type Filed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

const reason = 'The sender may be in danger tonight'
const rpc = async (who: Person, name: string, args: object): Promise<Answer> => answerOf((await world.as(who)).rpc(name, args))
const aSealed = () => aReport(world, { contact_mode: 'sealed', contact_sealed: sealed('who it was'), contact_key: sealed('contact key'), owner_hash: aHash() })
const ask = async (who: Person, report: Filed, changes = {}) => rpc(who, 'ask_reveal', { p: { reference: report.reference, reason, ...changes } })
const idOf = (answer: Answer) => (answer.reveal as { id: string }).id
const decide = (who: Person, report: Filed, id: string, approves = true) => rpc(who, 'decide_reveal', { p_reference: report.reference, p_id: id, p_approves: approves })
const read = (who: Person, report: Filed, id: string) => rpc(who, 'read_identity', { p_reference: report.reference, p_id: id })
const accessOf = async (report: Filed) => (await answerOf(world.server.rpc('track_report', { p: { reference: report.reference, access: report.access, guess_limits: [] } }))).access as Record<string, unknown>[]

describe('RULES B1, E4: a sealed identity', () => {
  it('opens with a reason and a second person, and the reporter sees who by role, when and why', async () => {
    const report = await aSealed()
    const id = idOf(await ask('officer_wang', report))
    expect(await read('officer_wang', report, id)).toMatchObject({ ok: false, code: 'not_found' })
    expect(await decide('lead_zhao', report, id)).toMatchObject({ ok: true, reveal: { state: 'open', may_read: true } })

    expect(await read('officer_wang', report, id)).toMatchObject({ ok: true, contact_sealed: sealed('who it was'), contact_key: sealed('contact key') })
    expect(await accessOf(report)).toEqual([expect.objectContaining({ role: 'officer', action: 'report.identity_read', purpose: 'reveal', reason, approved_by: 'lead' })])
    const log = await world.sql`select action from public.audit_log where noun_id = ${report.id} order by id`
    expect(log.map(row => row.action)).toEqual(['report.submitted', 'report.reveal_asked', 'report.reveal_approved', 'report.identity_read'])
  })

  it('is never approved by whoever asked, nor by an officer, another station, the auditor or the admin', async () => {
    const report = await aSealed()
    const id = idOf(await ask('lead_zhao', report))

    expect(await decide('lead_zhao', report, id)).toEqual({ ok: false, code: 'second_person_required' })
    expect(await decide('officer_wang', report, id)).toEqual({ ok: false, code: 'second_person_required' })
    for (const who of ['chief_far', 'auditor_wu', 'admin_zheng', 'amina_resident', 'officer_li'] as const) expect(await decide(who, report, id), who).toMatchObject({ ok: false, code: 'not_found' })
    await expect(world.sql`update private.reveals set decided_by = asked_by, decided_at = now(), decided_role = 'lead' where id = ${id}`).rejects.toMatchObject({ constraint_name: 'reveals_need_two_people' })
    expect(await decide('chief_sun', report, id)).toMatchObject({ ok: true })
  })

  it('closes again after a day, and is read by nobody but the two', async () => {
    const report = await aSealed()
    const id = idOf(await ask('officer_wang', report))
    await decide('chief_sun', report, id)
    expect(await read('chief_qian', report, id)).toMatchObject({ ok: false, code: 'not_found' })
    expect(await read('chief_sun', report, id)).toMatchObject({ ok: true })
    await world.sql`update private.reveals set decided_at = decided_at - interval '25 hours', expires_at = expires_at - interval '25 hours' where id = ${id}`

    expect(await read('officer_wang', report, id)).toMatchObject({ ok: false, code: 'not_found' })
    expect((await rpc('officer_wang', 'list_reveals', { p_reference: report.reference })).reveals).toEqual([expect.objectContaining({ state: 'expired', may_read: false })])
    await expect(world.sql`update private.reveals set expires_at = decided_at + interval '25 hours' where id = ${id}`).rejects.toMatchObject({ constraint_name: 'reveals_end_within_a_day' })
  })

  it('a declined request opens nothing and cannot be turned round; a new one may be asked', async () => {
    const report = await aSealed()
    const id = idOf(await ask('officer_wang', report))
    expect(await ask('officer_wang', report), 'one at a time').toEqual({ ok: false, code: 'conflict' })
    expect(await decide('lead_zhao', report, id, false)).toMatchObject({ ok: true, reveal: { state: 'declined' } })

    expect(await decide('chief_sun', report, id)).toEqual({ ok: false, code: 'conflict' })
    expect(await read('officer_wang', report, id)).toMatchObject({ ok: false })
    expect(await ask('officer_wang', report)).toMatchObject({ ok: true })
  })

  it('an unanswered request lapses after a week', async () => {
    const report = await aSealed()
    const id = idOf(await ask('officer_wang', report))
    await world.sql`update private.reveals set asked_at = asked_at - interval '8 days' where id = ${id}`

    expect(await decide('lead_zhao', report, id)).toEqual({ ok: false, code: 'conflict' })
    expect(await ask('officer_wang', report)).toMatchObject({ ok: true })
  })

  it('needs a reason of ten characters, and something that is sealed', async () => {
    expect(await ask('officer_wang', await aSealed(), { reason: '   why   ' })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await ask('officer_wang', await aReport(world))).toEqual({ ok: false, code: 'nothing_sealed' })
    expect(await ask('officer_wang', await aSealed(), { attachment: randomUUID() })).toEqual({ ok: false, code: 'nothing_sealed' })
  })

  it('whoever reaches for a report that is not theirs is refused alike, and logged', async () => {
    const report = await aSealed()
    expect(await ask('officer_li', report)).toEqual({ ok: false, code: 'not_found' })

    const log = await world.sql`select action from public.audit_log where details ->> 'reference' = ${report.reference} and actor_id = ${world.person.officer_li.id}`
    expect(log.map(row => row.action)).toEqual(['report.reveal_refused'])
  })

  it('of a report about the police is decided by a chief who is not named in it (RULES A6)', async () => {
    const report = await aReport(world, { category: 'test_police', about_staff: [world.person.chief_sun.id], contact_mode: 'sealed', contact_sealed: sealed('x'), contact_key: sealed('y'), owner_hash: aHash() })
    const id = idOf(await ask('chief_qian', report))

    expect(await decide('chief_sun', report, id)).toMatchObject({ code: 'not_found' })
    expect(await decide('lead_zhao', report, id)).toMatchObject({ code: 'not_found' })
  })
})

describe('RULES G3: the original of a picture', () => {
  it('opens by the same rule, and a viewing copy never gives it away', async () => {
    const attachment = anAttachment({ original_blob: randomUUID() })
    const report = await aReport(world, { attachments: [attachment] })
    expect(await rpc('officer_wang', 'open_attachment', { p_id: attachment.id })).toMatchObject({ original_blob: null })
    const asked = await ask('officer_wang', report, { attachment: attachment.id })
    const original = () => rpc('officer_wang', 'open_original', { p_reference: report.reference, p_id: idOf(asked) })
    expect(await original()).toMatchObject({ ok: false })
    await decide('lead_zhao', report, idOf(asked))

    expect(await original()).toMatchObject({ ok: true, original_blob: attachment.original_blob })
    expect((await accessOf(report))[0]).toMatchObject({ role: 'officer', action: 'attachment.original_read', reason })
    expect(await read('officer_wang', report, idOf(asked)), 'an original is no identity').toMatchObject({ ok: false })
  })
})

describe('RULES B3: no way to a text, a contact or a file without a row in the log', () => {
  /** Functions of the database that hand out ciphertext of a report, and what they log. `own`: the reporter's visits are not logged. */
  const readers: Record<string, string> = {
    open_report: 'report.opened', open_attachment: 'attachment.opened', read_identity: 'report.identity_read', open_original: 'attachment.original_read',
    track_report: 'own', open_own_attachment: 'own', begin_addition: 'own', check_receipt: 'own', export_report: 'own', export_account: 'asks whether a mail has a sealed address', // their copy, by track_report with their session; the copy itself is logged
    claim_outbox: 'the address a mail goes to, for the worker that sends it; no text of a report', settle_outbox: 'takes the values of a mail away', erase_account: 'takes contacts away',
    record_revisit: 'takes ciphertext in', answer_revisit: 'takes ciphertext in', settle_suggestion: 'takes ciphertext in',
    begin_desk_writing: 'a key without a text', keys_to_rewrap: 'keys without a text', count_wrapped_keys: 'counts', rewrap_keys: 'takes keys in',
    read_seal_page: 'ciphertext without a key, for the verifier, whose run is logged', seal_candidates: 'ciphertext without a key, to hash',
    list_demo_mails: 'addresses of a demo', save_draft: 'a draft', load_draft: 'a draft', submit_report: 'takes ciphertext in', add_attachment: 'takes ciphertext in',
    add_reporter_message: 'takes ciphertext in', add_staff_message: 'takes ciphertext in', add_report_note: 'takes ciphertext in', change_report_status: 'takes ciphertext in',
    get_duty_now: 'the note between two turns of duty; no text of a report', list_duty: 'likewise', note_duty: 'takes it in', decide_staff_proposal: 'takes the sealed address of an invitation in',
    check_second_factor: 'a sealed TOTP secret, for the portal that checks a code', check_pending_factor: 'likewise', begin_factor: 'takes it in', confirm_factor: 'keeps it',
    commit_turn: 'takes a chat in', open_thread_texts: 'a chat with the station, no report; logged as an opening of that chat', answer_thread: 'takes it in', read_own_thread: 'a chat, for whoever holds its secret', rate_thread: 'a rating of a chat', add_rating_word: 'takes it in',
    read_thread_message: 'an answer of staff, for the worker that sends it', retain_threads: 'takes chats away', receive_bot_updates: 'takes it in', claim_bot_updates: 'what a chat sent, for the worker that answers', finish_bot_update: 'takes it away',
    claim_telegram: 'the chat a message goes to, for the worker that sends it', follow_by_telegram: 'takes a sealed chat in', redeem_telegram_link: 'takes a sealed chat in',
    subscribe_to_alerts: 'takes a sealed address in', move_subscription: 'takes a sealed address in', respond_to_alert: 'takes it in', list_alert_responses: 'asks whether there are words', open_alert_response: 'a call for help, no report; logged as an opening of that call (alert.response_opened)',
    open_roll_call: 'the secret of a roll call, no text: to the portal, for whoever leads it; logged when it is opened', read_roll_call: 'the same secret, to the portal, which looks at an entered code with it',
    issue_checkpoint_codes: 'what the posters on a route say, no text; to the portal, for a lead, and logged (shift.posters_printed)', file_patrol_report: 'takes a sealed summary in',
    open_patrol_round: 'what came of a patrol, no report; logged as an opening of that patrol (shift.report_read)',
    count_certificate_hours: 'one\'s own name, for one\'s own certificate', issue_certificate: 'takes a sealed certificate in', list_own_certificates: 'one\'s own', open_own_certificate: 'one\'s own', note_certificate_paper: 'asks whether there is something to print',
    check_certificate: 'what a certificate says, to whoever knows its number', list_certificates: 'asks whether they still say something',
    begin_draw: 'the sealed key that signs ballots, to the portal, for a verified resident; a draw is logged nowhere (RULES E2)', keep_ballot_key: 'takes a sealed key in', shuffle_ballots: 'forgets sealed keys', foresee_ballots: 'counts',
    list_rating_comments: 'comments that wait, to the portal, for a moderator, and logged (rating.comments_read)', decide_rating_comment: 'forgets sealed words',
    answer_survey: 'takes sealed words in', list_survey_texts: 'words that came with a survey that is over, by nobody, to the portal, for a lead or chief, and logged (survey.texts_read)',
    read_night: 'names and the secret of a roll call, to the portal, for whoever opened it, which is logged (shift.roll_call_opened)',
    apply_as_volunteer: 'takes a sealed contact in', open_volunteer: 'the contact of a volunteer, no report; logged as an opening of that volunteer (volunteer.opened)',
    queue_account_mail: 'takes ciphertext in', ask_reveal: 'asks whether there is an original', delete_draft: 'a draft', purge_expired: 'blob names of drafts', unclaimed_blobs: 'blob names that nobody knows', remove_over: 'blob names of what is gone; each report leaves a tombstone',
  }

  it('a function that touches ciphertext, keys or blobs is on the list, with what it logs', async () => {
    const rows = await world.sql<{ name: string, source: string }[]>`select p.proname as name, p.prosrc as source from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public'`
    const touching = rows.filter(({ source }) => /_sealed|content_key|contact_key|canonical_report|_blob\b|drafts|read_seal|leaf_now/.test(source))

    expect(touching.map(({ name }) => name).filter(name => !(name in readers)), 'Fix: log the opening (private.log, an action of private.access_facts) and add the function to this list.').toEqual([])
    for (const [name, action] of Object.entries(readers).filter(([, action]) => /^[a-z_]+\.[a-z_]+$/.test(action))) {
      expect(rows.find(row => row.name === name)?.source, name).toContain(`'${action}'`)
      expect(rows.find(row => row.name === name)?.source, name).toContain('\'purpose\'')
    }
  })

  it('each opening adds exactly one line to what the reporter sees', async () => {
    const attachment = anAttachment({ original_blob: randomUUID() })
    const report = await aReport(world, { attachments: [attachment], contact_mode: 'sealed', contact_sealed: sealed('who'), contact_key: sealed('key'), owner_hash: aHash() })
    const [identity, original] = [idOf(await ask('officer_wang', report)), idOf(await ask('officer_wang', report, { attachment: attachment.id }))]
    await decide('lead_zhao', report, identity)
    await decide('lead_zhao', report, original)
    const openings = {
      'report.opened': () => rpc('officer_wang', 'open_report', { p_reference: report.reference }),
      'attachment.opened': () => rpc('officer_wang', 'open_attachment', { p_id: attachment.id }),
      'report.identity_read': () => read('officer_wang', report, identity),
      'attachment.original_read': () => rpc('officer_wang', 'open_original', { p_reference: report.reference, p_id: original }),
    }
    expect(Object.keys(openings).sort(), 'every logging reader is tried').toEqual(Object.values(readers).filter(action => /^[a-z_]+\.[a-z_]+$/.test(action)).sort())

    for (const [action, open] of Object.entries(openings)) {
      const before = await accessOf(report)
      expect(await open(), action).toMatchObject({ ok: true })
      const after = await accessOf(report)
      expect(after.length, action).toBe(before.length + 1)
      expect(after[0]).toMatchObject({ action, role: 'officer', purpose: expect.any(String) })
    }
  })
})
