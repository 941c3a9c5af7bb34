import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishedAlertSchema } from '#shared/alerts/published-alert'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { type Alert, aForm, aText, alertOf, decide, deskCall, hours, publish, published, saved, start } from './alerts-builder.ts'
import { type Submission, answerOf } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

// A backend of its own: what everybody reads is that of the installation's default station.
let running: Awaited<ReturnType<typeof startTestBackend>>
let world: World

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  await world.sql`update public.stations set is_default = true where id = ${world.station.home}`
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})

const read = (who: Person, identifier: string) => deskCall(world, who, 'read_desk_alert', { identifier })
const everybody = async (identifier: string) => answerOf(world.guest.rpc('get_alert', { p_identifier: identifier }))
const stateOf = async (identifier: string) => (await everybody(identifier)).state
const logOf = async ({ identifier }: Pick<Alert, 'identifier'>) =>
  (await world.sql`select l.action, l.actor_id from public.audit_log l join public.alerts a on a.id = l.noun_id where a.identifier = ${identifier} order by l.id`).map(row => row.action as string)
const refusals = async (identifier: string) => (await world.sql`select action, actor_id from public.audit_log where noun = 'alerts' and details ->> 'reference' = ${identifier} order by id`).map(row => row.action as string)
const passTo = (identifier: string, at: string) => world.sql.begin(async (sql) => {
  // Time cannot be waited for: the owner of the table, without its triggers, lets it run out.
  await sql`set local session_replication_role = replica`
  await sql`update public.alerts set published_at = published_at - interval '2 days', expires_at = ${at} where identifier = ${identifier}`
})

describe('a draft', () => {
  it('is written, changed and read by those whose communities it touches, and by nobody else', async () => {
    const draft = await saved(world, 'officer_wang')

    expect(draft).toMatchObject({ state: 'draft', revision: 1, identifier: expect.stringMatching(/^LLA-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/), chain: draft.identifier, effective_state: null })
    const again = await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier: draft.identifier, revision: 1, texts: { zh: aText('改过的标题') } }))
    expect(alertOf(again)).toMatchObject({ revision: 2, headlines: { zh: '改过的标题' }, edited_by: { id: world.person.lead_zhao.id }, created_by: { id: world.person.officer_wang.id } })
    for (const who of ['officer_wang', 'lead_zhao', 'chief_sun', 'auditor_wu'] as const) expect(await read(who, draft.identifier)).toMatchObject({ ok: true })
    for (const who of ['officer_li', 'admin_zheng', 'chief_far', 'amina_resident'] as const) expect(await read(who, draft.identifier)).toEqual({ ok: false, code: 'not_found' })
    expect(await everybody(draft.identifier)).toEqual({ ok: false, code: 'not_found' })
    expect(await logOf(draft)).toEqual(['alert.drafted', 'alert.saved'])
  })

  it.each(['auditor_wu', 'admin_zheng', 'amina_resident'] as const)('is not written by %s', async (who) => {
    expect(await deskCall(world, who, 'save_alert', aForm(world))).toEqual({ ok: false, code: 'forbidden' })
  })

  it('of an officer stays in their own communities', async () => {
    for (const areas of [[{ kind: 'station' }], [{ kind: 'community', community: world.community.changLe }], [{ kind: 'grid', grid: world.grid.changLe }]]) {
      expect(await deskCall(world, 'officer_wang', 'save_alert', aForm(world, { areas }))).toEqual({ ok: false, code: 'forbidden' })
    }
    const theirs = await saved(world, 'officer_li', { areas: [{ kind: 'community', community: world.community.changLe }] })
    expect(await deskCall(world, 'officer_wang', 'save_alert', aForm(world, { identifier: theirs.identifier, revision: 1 }))).toEqual({ ok: false, code: 'not_found' })
    expect(await refusals(theirs.identifier)).toEqual(['alert.save_refused'])
  })

  it('is not of another station, nor are its areas', async () => {
    const draft = await saved(world, 'lead_zhao')

    expect(await deskCall(world, 'chief_far', 'save_alert', aForm(world, { identifier: draft.identifier, revision: 1 }))).toEqual({ ok: false, code: 'not_found' })
    expect(await decide(world, 'chief_far', draft, 'discard')).toEqual({ ok: false, code: 'not_found' })
    expect(await publish(world, 'chief_far', draft)).toEqual({ ok: false, code: 'not_found' })
    expect(await deskCall(world, 'chief_far', 'save_alert', aForm(world))).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('is not saved over what a colleague saved meanwhile', async () => {
    const draft = await saved(world, 'lead_zhao')
    await deskCall(world, 'chief_sun', 'save_alert', aForm(world, { identifier: draft.identifier, revision: 1 }))

    expect(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier: draft.identifier, revision: 1 }))).toEqual({ ok: false, code: 'conflict' })
    expect(await decide(world, 'lead_zhao', draft, 'submit')).toEqual({ ok: false, code: 'conflict' })
    expect(await publish(world, 'lead_zhao', draft)).toEqual({ ok: false, code: 'conflict' })
  })

  it('knows which communities and grids its areas touch', async () => {
    const { pingAn, changLe } = world.community
    const ring = [[116.1, 40.1], [116.2, 40.1], [116.2, 40.2], [116.1, 40.1]]
    const label = { zh: '菜市场一带', en: 'Round the market' }
    const touches = async (area: Submission) => { const { community_ids: communities, grid_ids: grids } = await saved(world, 'lead_zhao', { areas: [area] }); return { communities, grids } }

    expect(await touches({ kind: 'station' })).toEqual({ communities: [pingAn, changLe].sort(), grids: [world.grid.pingAn, world.grid.changLe].sort() })
    expect(await touches({ kind: 'community', community: pingAn })).toEqual({ communities: [pingAn], grids: [world.grid.pingAn] })
    expect(await touches({ kind: 'grid', grid: world.grid.changLe })).toEqual({ communities: [changLe], grids: [world.grid.changLe] })
    expect(await touches({ kind: 'polygon', shape: { type: 'Polygon', coordinates: [ring] }, label, communities: [pingAn], grids: [] })).toEqual({ communities: [pingAn], grids: [] })
    expect(await touches({ kind: 'circle', shape: { type: 'Circle', center: [116.1, 40.1], radiusMeters: 300 }, label, communities: [changLe], grids: [world.grid.changLe] })).toEqual({ communities: [changLe], grids: [world.grid.changLe] })
  })

  const label = { zh: '一带', en: 'Here' }
  const ring = (coordinates: unknown) => ({ kind: 'polygon', shape: { type: 'Polygon', coordinates: [coordinates] }, label, communities: [] as string[], grids: [] })
  it.each<[string, Submission]>([
    ['no colour for a warning', { colour: null }], ['a colour for a tip', { kind: 'tip' }], ['another kind', { kind: 'rumour', colour: null }], ['an event that is not listed', { event: 'aliens' }],
    ['another word for the urgency', { urgency: 'Soon' }], ['no end', { expires: null }], ['a beginning after its end', { onset: hours(48), expires: hours(24) }],
    ['another language', { texts: { fr: aText('Titre long') } }], ['a short headline', { texts: { zh: aText('短') } }], ['an endless headline', { texts: { zh: aText('长'.repeat(141)) } }],
    ['two lines for a headline', { texts: { zh: aText('第一行\n第二行') } }], ['what XML cannot carry', { texts: { zh: aText('标题标题', { description: '正文\u0007正文' }) } }], ['an endless text', { texts: { zh: aText('标题标题', { description: '长'.repeat(2001) }) } }],
    ['an address that is none', { web: 'javascript:alert(1)' }], ['a solved one\'s warning for a warning', { follows: 'LLA-0000-0000' }], ['a warning that is not there', { kind: 'solved', colour: null, follows: 'LLA-0000-0000' }],
    ['a grid of nobody', { areas: [{ kind: 'grid', grid: '00000000-0000-4000-8000-000000000000' }] }],
    ['an open ring', { areas: [ring([[116, 40], [117, 40], [117, 41], [116, 41]])] }], ['a ring of two', { areas: [ring([[116, 40], [117, 40], [116, 40]])] }], ['a shape that touches nothing', { areas: [ring([[116, 40], [117, 40], [117, 41], [116, 40]])] }],
    ['too many areas', { areas: Array.from({ length: 21 }, () => ({ kind: 'station' })) }],
  ])('is refused with %s', async (_, changes) => {
    expect(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, changes))).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('may be incomplete until it is handed in', async () => {
    const draft = await saved(world, 'lead_zhao', { texts: {}, areas: [] })
    expect(await decide(world, 'lead_zhao', draft, 'submit')).toEqual({ ok: false, code: 'alert_incomplete' })
    expect(await publish(world, 'lead_zhao', draft)).toEqual({ ok: false, code: 'alert_incomplete' })

    const english = await saved(world, 'lead_zhao', { texts: { en: aText('No Chinese') } })
    expect(await decide(world, 'lead_zhao', english, 'submit')).toEqual({ ok: false, code: 'alert_incomplete' })
  })

  it.each([['yellow', 30 * 24], ['orange', 72]] as const)('that is %s ends within %i hours of its publication, and not before', async (colour, most) => {
    for (const expires of [hours(-1), hours(most + 1)]) {
      expect(await decide(world, 'lead_zhao', await saved(world, 'lead_zhao', { colour, expires }), 'submit')).toEqual({ ok: false, code: 'alert_expiry' })
    }
    expect(await decide(world, 'lead_zhao', await saved(world, 'lead_zhao', { colour, expires: hours(most - 1) }), 'submit')).toMatchObject({ ok: true })
  })
})

describe('the review', () => {
  it('goes from the officer to the lead, back with a reason, and in again', async () => {
    const draft = await saved(world, 'officer_wang')
    expect(await decide(world, 'officer_wang', draft, 'submit')).toMatchObject({ ok: true, alert: { state: 'in_review', submitted_by: { id: world.person.officer_wang.id } } })
    expect(await decide(world, 'lead_zhao', draft, 'return', { reason: '' })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await decide(world, 'lead_zhao', draft, 'return', { reason: '请写清楚地点' })).toMatchObject({ ok: true, alert: { state: 'draft', returned_reason: '请写清楚地点', submitted_by: null } })
    expect(await decide(world, 'officer_wang', draft, 'submit')).toMatchObject({ ok: true, alert: { state: 'in_review', returned_reason: null } })

    expect(await logOf(draft)).toEqual(['alert.drafted', 'alert.submitted', 'alert.returned', 'alert.submitted'])
  })

  it('is left by every change, and so is the approval', async () => {
    const draft = await saved(world, 'officer_wang', { colour: 'red' })
    await decide(world, 'officer_wang', draft, 'submit')
    await decide(world, 'chief_sun', draft, 'approve')

    const changed = alertOf(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier: draft.identifier, revision: 1, colour: 'red' })))

    expect(changed).toMatchObject({ state: 'draft', approved_by: null, submitted_by: null, revision: 2 })
    expect(await publish(world, 'lead_zhao', changed)).toEqual({ ok: false, code: 'second_person_required' })
  })

  it('is decided by leads and chiefs; an officer throws their own draft away only', async () => {
    const draft = await saved(world, 'lead_zhao', { colour: 'red' })
    await decide(world, 'lead_zhao', draft, 'submit')

    for (const act of ['return', 'approve', 'discard']) expect(await decide(world, 'officer_wang', draft, act, { reason: 'no reason' })).toEqual({ ok: false, code: 'forbidden' })
    for (const who of ['auditor_wu', 'admin_zheng', 'officer_li', 'amina_resident'] as const) expect(await decide(world, who, draft, 'approve')).toEqual({ ok: false, code: 'not_found' })
    const own = await saved(world, 'officer_wang')
    expect(await decide(world, 'officer_wang', own, 'discard')).toMatchObject({ ok: true, alert: { state: 'discarded' } })
    expect(await decide(world, 'officer_wang', own, 'submit')).toEqual({ ok: false, code: 'conflict' })
    expect(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier: own.identifier, revision: 1 }))).toEqual({ ok: false, code: 'conflict' })
    await expect(world.sql`update public.alerts set state = 'draft' where identifier = ${own.identifier}`).rejects.toMatchObject({ code: 'PT403', detail: 'append_only' })
  })
})

describe('a publication', () => {
  it('of a yellow one is for one lead to do, and it reads as the shared schema says', async () => {
    const draft = await saved(world, 'lead_zhao', { contact: '派出所值班电话 010-00000000', web: 'https://example.org/x', texts: { zh: aText('平安里近日发生入室盗窃', { instruction: '出门请关好门窗。' }) } })

    const answer = await publish(world, 'lead_zhao', draft)

    const alert = publishedAlertSchema.parse(answer.alert)
    expect(alert).toMatchObject({
      identifier: draft.identifier, chain: draft.identifier, chainSent: alert.sent, messageType: 'alert', colour: 'yellow', event: { code: 'burglary', category: 'Security' }, references: [], endedBy: null, follows: null,
      areas: [{ kind: 'community', shape: { type: 'Polygon' }, grid: null }], communityIds: [world.community.pingAn], gridIds: [world.grid.pingAn],
    })
    expect(await everybody(draft.identifier)).toMatchObject({ ok: true, state: 'current', alert: JSON.parse(JSON.stringify(alert)) })
    expect(await logOf(draft)).toEqual(['alert.drafted', 'alert.published'])
    expect(await world.sql`select e.finished_at from private.alert_expansions e join public.alerts a on a.id = e.alert_id where a.identifier = ${draft.identifier}`).toEqual([{ finished_at: null }])
  })

  it.each(['officer_wang', 'auditor_wu', 'admin_zheng', 'amina_resident'] as const)('is not for %s', async (who) => {
    const draft = await saved(world, 'officer_wang')
    await decide(world, 'officer_wang', draft, 'submit')

    expect(await publish(world, who, draft)).toEqual({ ok: false, code: who === 'officer_wang' ? 'forbidden' : 'not_found' })
  })

  it('leaves what a colleague still writes to them', async () => {
    const draft = await saved(world, 'officer_wang')

    expect(await publish(world, 'lead_zhao', draft)).toEqual({ ok: false, code: 'status_order' })
  })

  it('says what the database says of the draft, whatever was signed', async () => {
    const draft = await saved(world, 'lead_zhao')
    const content = (await answerOf(world.server.rpc('prepare_alert', { p: { ...await world.actor('lead_zhao'), identifier: draft.identifier, revision: 1 } }))).content as Submission

    expect(await publish(world, 'lead_zhao', draft, undefined, { content: { ...content, colour: 'blue' } })).toEqual({ ok: false, code: 'conflict' })
    expect(await publish(world, 'lead_zhao', draft, undefined, { content: { ...content, sent: '2020-01-01T00:00:00Z' } })).toEqual({ ok: false, code: 'conflict' })
    expect(await publish(world, 'lead_zhao', draft, undefined, { statement: { identifier: 'LLA-0000-0000', sent: content.sent, references: [] } })).toEqual({ ok: false, code: 'conflict' })
    expect(await everybody(draft.identifier)).toEqual({ ok: false, code: 'not_found' })
  })

  it('is never changed again, not even by the owner of the tables', async () => {
    const { identifier } = await published(world)
    const frozen = { code: 'PT403', detail: 'append_only' }

    await expect(world.sql`update public.alerts set expires_at = expires_at + interval '1 hour' where identifier = ${identifier}`).rejects.toMatchObject(frozen)
    await expect(world.sql`update public.alerts set state = 'draft' where identifier = ${identifier}`).rejects.toMatchObject(frozen)
    await expect(world.sql`delete from public.alerts where identifier = ${identifier}`).rejects.toMatchObject(frozen)
    await expect(world.sql`update public.alert_texts t set headline = 'changed' from public.alerts a where a.id = t.alert_id and a.identifier = ${identifier}`).rejects.toMatchObject(frozen)
    await expect(world.sql`delete from public.alert_areas r using public.alerts a where a.id = r.alert_id and a.identifier = ${identifier}`).rejects.toMatchObject(frozen)
    await expect(world.sql`insert into public.alert_references select a.id, b.id from public.alerts a, public.alerts b where a.identifier = ${identifier} and b.id <> a.id limit 1`).rejects.toMatchObject(frozen)
    await expect(world.sql`truncate public.alert_texts`).rejects.toMatchObject(frozen)
    expect(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier, revision: 1 }))).toEqual({ ok: false, code: 'conflict' })
  })
})

describe('the second person (RULES E4)', () => {
  it.each(['orange', 'red'])('is asked for %s ones: neither who began it nor who changed it last', async (colour) => {
    const draft = await saved(world, 'lead_zhao', { colour })
    await decide(world, 'lead_zhao', draft, 'submit')
    expect(await publish(world, 'lead_zhao', draft)).toEqual({ ok: false, code: 'second_person_required' })
    expect(await decide(world, 'lead_zhao', draft, 'approve')).toEqual({ ok: false, code: 'second_person_required' })
    expect(await refusals(draft.identifier)).toEqual(['alert.publish_refused', 'alert.decide_refused'])

    expect(await decide(world, 'chief_sun', draft, 'approve')).toMatchObject({ ok: true, alert: { approved_by: { id: world.person.chief_sun.id } } })
    expect(await publish(world, 'lead_zhao', draft)).toMatchObject({ ok: true })
    expect(await logOf(draft)).toEqual(['alert.drafted', 'alert.submitted', 'alert.approved', 'alert.published'])
  })

  it('is whoever publishes what another handed in', async () => {
    const draft = await saved(world, 'officer_wang', { colour: 'red' })
    await decide(world, 'officer_wang', draft, 'submit')

    expect(await publish(world, 'lead_zhao', draft)).toMatchObject({ ok: true })
    expect(await read('chief_sun', draft.identifier)).toMatchObject({ alert: { approved_by: { id: world.person.lead_zhao.id }, override_reason: null } })
    expect(await logOf(draft)).toEqual(['alert.drafted', 'alert.submitted', 'alert.approved', 'alert.published'])
  })

  it('is passed over by the chief alone, with a reason that stays in the log', async () => {
    const draft = await saved(world, 'chief_sun', { colour: 'red' })
    expect(await publish(world, 'chief_sun', draft)).toEqual({ ok: false, code: 'second_person_required' })
    expect(await publish(world, 'chief_sun', draft, 'short')).toEqual({ ok: false, code: 'reason_missing' })
    expect(await publish(world, 'chief_sun', draft, '燃气泄漏，值班只有我一人')).toMatchObject({ ok: true })
    expect(await logOf(draft)).toEqual(['alert.drafted', 'alert.overridden', 'alert.published'])

    const other = await saved(world, 'lead_zhao', { colour: 'red' })
    expect(await publish(world, 'lead_zhao', other, '燃气泄漏，值班只有我一人')).toEqual({ ok: false, code: 'second_person_required' })
  })

  it('is asked for whatever follows a red one, and not for what follows a blue one', async () => {
    const red = await published(world, { colour: 'red' })
    for (const act of ['update', 'cancel', 'all_clear']) {
      const next = alertOf(await start(world, 'lead_zhao', red, act))
      expect(next).toMatchObject({ needs_second_person: true })
      const calm = alertOf(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier: next.identifier, revision: 1, colour: 'blue' })))
      await decide(world, 'lead_zhao', calm, 'submit')
      expect(await publish(world, 'lead_zhao', calm)).toEqual({ ok: false, code: 'second_person_required' })
      await decide(world, 'lead_zhao', calm, 'discard')
    }

    const blue = await published(world, { colour: 'blue' })
    const cancel = alertOf(await start(world, 'lead_zhao', blue, 'cancel'))
    const written = alertOf(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier: cancel.identifier, revision: 1 })))
    expect(await publish(world, 'lead_zhao', written)).toMatchObject({ ok: true })
  })

  it('is asked by the table itself', async () => {
    const draft = await saved(world, 'lead_zhao', { colour: 'orange' })
    const force = (facts: Submission) => world.sql`update public.alerts set ${world.sql({ state: 'published', published_at: new Date(), published_by: world.person.lead_zhao.id, changed_number: 1, ...facts })}, content = '{}', statement = '{}' where identifier = ${draft.identifier}`

    await expect(force({})).rejects.toMatchObject({ detail: 'second_person_required' })
    await expect(force({ override_reason: 'I am not the chief' })).rejects.toMatchObject({ detail: 'second_person_required' })
    await expect(force({ approved_at: new Date(), approved_by: world.person.lead_zhao.id })).rejects.toThrow('alerts_approved_by_another')
  })
})

describe('a chain', () => {
  it('is continued by an update that fills the references, ends the earlier one and is the only one that counts', async () => {
    const first = await published(world)
    const draft = alertOf(await start(world, 'officer_wang', first, 'update'))
    expect(draft).toMatchObject({ message_type: 'update', chain: first.identifier, base: first.identifier, kind: 'warning', colour: 'yellow', headlines: { zh: '平安里近日发生入室盗窃' }, community_ids: [world.community.pingAn], references: [] })
    await decide(world, 'officer_wang', draft, 'submit')

    const update = publishedAlertSchema.parse((await publish(world, 'lead_zhao', draft)).alert)

    expect(update).toMatchObject({ messageType: 'update', chain: first.identifier, references: [{ identifier: first.identifier }] })
    expect(Date.parse(update.sent)).toBeGreaterThan(Date.parse(update.chainSent))
    expect(await everybody(first.identifier)).toMatchObject({ state: 'superseded', alert: { endedBy: { identifier: update.identifier, messageType: 'update', sent: update.sent } } })
    expect(await stateOf(update.identifier)).toBe('current')
    // From the first one's page the button goes on from what counts now.
    const next = alertOf(await start(world, 'lead_zhao', first, 'update'))
    expect(next).toMatchObject({ base: update.identifier })
    expect(publishedAlertSchema.parse((await publish(world, 'lead_zhao', next)).alert).references).toEqual([{ identifier: update.identifier, sent: update.sent }])
  })

  it.each([['cancel', 'cancelled'], ['all_clear', 'cleared']] as const)('is ended by %s, and then by nothing more', async (act, state) => {
    const first = await published(world)
    const draft = alertOf(await start(world, 'lead_zhao', first, act))
    expect(draft).toMatchObject({ message_type: act, headlines: {} })
    // What it is about stays that of the message it ends.
    const written = alertOf(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier: draft.identifier, revision: 1, kind: 'tip', colour: 'red', event: 'fire', areas: [], texts: { zh: aText('事情已经过去') } })))
    expect(written).toMatchObject({ kind: 'warning', colour: 'yellow', event: 'burglary', community_ids: [world.community.pingAn] })

    const ending = publishedAlertSchema.parse((await publish(world, 'lead_zhao', written)).alert)

    expect(ending.references).toEqual([{ identifier: first.identifier, sent: expect.any(String) }])
    expect([await stateOf(first.identifier), await stateOf(ending.identifier)]).toEqual([state, 'current'])
    for (const again of ['update', 'cancel', 'all_clear']) expect(await start(world, 'lead_zhao', first, again)).toEqual({ ok: false, code: 'alert_ended' })
  })

  it('of a tip or a notice has no all clear', async () => {
    const tip = await published(world, { kind: 'tip', colour: null, urgency: 'Future' })

    expect(await start(world, 'lead_zhao', tip, 'all_clear')).toEqual({ ok: false, code: 'invalid_input' })
    expect(await start(world, 'lead_zhao', tip, 'cancel')).toMatchObject({ ok: true })
  })

  it('has one draft at a time', async () => {
    const first = await published(world)
    const draft = alertOf(await start(world, 'lead_zhao', first, 'update'))
    expect(await start(world, 'chief_sun', first, 'cancel')).toEqual({ ok: false, code: 'follow_up_open' })

    await decide(world, 'lead_zhao', draft, 'discard')
    expect(await start(world, 'chief_sun', first, 'cancel')).toMatchObject({ ok: true })
  })

  it('that has run out is not continued, also where a draft was waiting', async () => {
    const first = await published(world)
    const draft = alertOf(await start(world, 'lead_zhao', first, 'update'))
    await passTo(first.identifier, hours(-1))

    expect(await stateOf(first.identifier)).toBe('expired')
    expect(await publish(world, 'lead_zhao', draft)).toEqual({ ok: false, code: 'alert_ended' })
    expect(await decide(world, 'lead_zhao', draft, 'submit')).toEqual({ ok: false, code: 'alert_ended' })
    await decide(world, 'lead_zhao', draft, 'discard')
    expect(await start(world, 'lead_zhao', first, 'update')).toEqual({ ok: false, code: 'alert_ended' })
  })

  it('is followed by those who may write where it lies', async () => {
    const first = await published(world, { areas: [{ kind: 'community', community: world.community.changLe }] })

    expect(await start(world, 'officer_wang', first, 'update')).toEqual({ ok: false, code: 'not_found' })
    expect(await start(world, 'chief_far', first, 'cancel')).toEqual({ ok: false, code: 'not_found' })
    expect(await start(world, 'auditor_wu', first, 'cancel')).toEqual({ ok: false, code: 'not_found' })
    expect(await refusals(first.identifier)).toEqual(['alert.start_refused', 'alert.start_refused', 'alert.start_refused'])
    expect(await start(world, 'officer_li', first, 'update')).toMatchObject({ ok: true })
  })

  it('is copied as a drill of its own, which stays one', async () => {
    const first = await published(world, { colour: 'red' })
    const drill = alertOf(await start(world, 'lead_zhao', first, 'exercise'))
    expect(drill).toMatchObject({ is_exercise: true, message_type: 'alert', chain: drill.identifier, base: null, colour: 'red' })
    await decide(world, 'lead_zhao', drill, 'submit')
    expect(publishedAlertSchema.parse((await publish(world, 'chief_sun', drill)).alert)).toMatchObject({ isExercise: true, references: [] })

    const update = alertOf(await start(world, 'lead_zhao', drill, 'update'))
    expect(alertOf(await deskCall(world, 'lead_zhao', 'save_alert', aForm(world, { identifier: update.identifier, revision: 1, is_exercise: false })))).toMatchObject({ is_exercise: true })
    expect(await stateOf(first.identifier)).toBe('current')
  })

  it('of a warning is followed by a solved notice, of a drill it is not', async () => {
    const warning = await published(world)
    const drill = alertOf(await publish(world, 'lead_zhao', await saved(world, 'lead_zhao', { is_exercise: true })))
    const solved = (follows: string) => aForm(world, { kind: 'solved', colour: null, follows, urgency: 'Past' })

    const draft = alertOf(await deskCall(world, 'lead_zhao', 'save_alert', solved(warning.identifier)))
    expect(publishedAlertSchema.parse((await publish(world, 'lead_zhao', draft)).alert)).toMatchObject({ kind: 'solved', follows: warning.identifier, chain: draft.identifier })
    expect(await deskCall(world, 'lead_zhao', 'save_alert', solved(drill.identifier))).toEqual({ ok: false, code: 'invalid_input' })
  })
})
