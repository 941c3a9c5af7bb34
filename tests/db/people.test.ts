import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { invitedName as name, peopleActs } from './people-builder.ts'
import { aReport, moveReport } from './reports-builder.ts'
import { type Staff, type World, buildWorld } from './world.ts'

let world: World

// Each test changes who works here: each has its own station.
beforeEach(async () => {
  world = await buildWorld()
})
afterEach(() => world?.close())

const { idOf, rpc, propose, proposed, decide, logged, staffRow, sessionsOf, invited, join } = peopleActs(() => world)
const everybodyBut = (...those: Staff[]) => (['officer_wang', 'lead_zhao', 'chief_sun', 'auditor_wu', 'admin_zheng', 'chief_far'] as const).filter(who => !those.includes(who))

describe('RULES A5: an administrator proposes, a chief confirms', () => {
  it('nobody else proposes, and nothing changes by proposing', async () => {
    for (const who of everybodyBut('admin_zheng')) expect(await propose(who, { kind: 'change_role', staff: idOf('officer_li'), role: 'lead' }), who).toEqual({ ok: false, code: 'forbidden' })
    const answer = await propose('admin_zheng', { kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })

    expect(answer).toMatchObject({ ok: true })
    expect(await staffRow('officer_li')).toMatchObject({ role: 'officer' })
    expect(await logged('staff.change_proposed')).toMatchObject([{ actor_role: 'admin', details: { proposal: 'change_role', about: idOf('officer_li'), role: 'lead' } }])
    const told = await world.sql`select recipient_id from public.outbox where template = 'staff.proposed' and recipient_id in (${idOf('chief_sun')}, ${idOf('chief_qian')}, ${idOf('chief_far')})`
    expect(told.map(row => row.recipient_id).sort()).toEqual([idOf('chief_sun'), idOf('chief_qian')].sort())
  })

  it('a confirmed role counts at once, ends the sessions of the person, and is in the log with both names', async () => {
    await world.as('officer_li')
    const id = await proposed({ kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })
    expect(await sessionsOf('officer_li')).toBe(1)

    expect(await decide('chief_sun', id, 'confirmed')).toEqual({ ok: true })

    expect(await staffRow('officer_li')).toMatchObject({ role: 'lead' })
    expect(await sessionsOf('officer_li')).toBe(0)
    const { error } = await (await world.as('officer_li')).rpc('get_staff_profile')
    expect(error?.code).toBe('PT401')
    expect(await logged('staff.role_changed')).toMatchObject([{ actor_id: idOf('chief_sun'), details: { about: idOf('officer_li'), former_role: 'officer', role: 'lead' } }])
    expect(await world.sql`select recipient_id from public.outbox where template = 'staff.changed' and recipient_id = ${idOf('officer_li')}`).toHaveLength(1)
  })

  it.each(['confirmed', 'refused'])('only a chief of the station decides (%s), once', async (decision) => {
    const id = await proposed({ kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })
    for (const who of ['officer_wang', 'lead_zhao', 'auditor_wu', 'admin_zheng'] as const) expect(await decide(who, id, decision), who).toEqual({ ok: false, code: 'forbidden' })
    expect(await decide('chief_far', id, decision)).toEqual({ ok: false, code: 'not_found' })

    expect(await decide('chief_sun', id, decision)).toEqual({ ok: true })

    expect(await decide('chief_qian', id, 'confirmed')).toEqual({ ok: false, code: 'conflict' })
    expect(await staffRow('officer_li')).toMatchObject({ role: decision === 'confirmed' ? 'lead' : 'officer' })
  })

  it('the administrator takes a proposal back, and it can be made anew', async () => {
    const id = await proposed({ kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })
    expect(await propose('admin_zheng', { kind: 'change_role', staff: idOf('officer_li'), role: 'auditor' })).toEqual({ ok: false, code: 'already_proposed' })
    expect(await decide('chief_sun', id, 'withdrawn')).toEqual({ ok: false, code: 'forbidden' })

    expect(await decide('admin_zheng', id, 'withdrawn')).toEqual({ ok: true })

    expect(await propose('admin_zheng', { kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })).toMatchObject({ ok: true })
    expect(await logged('staff.change_withdrawn')).toHaveLength(1)
  })

  it('nobody does it for themselves: not the administrator, not the chief it is about', async () => {
    expect(await propose('admin_zheng', { kind: 'change_role', staff: idOf('admin_zheng'), role: 'chief' })).toEqual({ ok: false, code: 'not_for_oneself' })
    const id = await proposed({ kind: 'change_role', staff: idOf('chief_sun'), role: 'lead' })
    expect(await decide('chief_sun', id, 'confirmed')).toEqual({ ok: false, code: 'not_for_oneself' })
    expect(await decide('chief_sun', id, 'refused'), 'nor refuses it').toEqual({ ok: false, code: 'not_for_oneself' })

    expect(await logged('staff.change_refused')).toHaveLength(3)
    expect(await decide('chief_qian', id, 'confirmed')).toEqual({ ok: true })
  })

  it('the table itself refuses one person in both parts, and a decision that is rewritten', async () => {
    const id = await proposed({ kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })
    const set = (by: Staff) => world.sql`update public.staff_proposals set decision = 'confirmed', decided_by = ${idOf(by)}, decided_at = now() where id = ${id}`

    await expect(set('admin_zheng')).rejects.toThrow('proposals_need_two_people')
    await expect(set('officer_li')).rejects.toThrow('proposals_never_for_oneself')
    await expect(world.sql`update public.staff_proposals set role = 'chief' where id = ${id}`).rejects.toThrow('never rewritten')
    await expect(world.sql`delete from public.staff_proposals where id = ${id}`).rejects.toThrow('never rewritten')
    await set('chief_sun')
    await expect(world.sql`update public.staff_proposals set decision = 'refused' where id = ${id}`).rejects.toThrow('never rewritten')
  })

  it('who proposed as administrator and became chief since does not confirm it', async () => {
    const id = await proposed({ kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })
    const other = await invited({ role: 'admin', badge: 'second-admin' })
    await join(other)
    await world.sql`update public.staff set role = 'chief' where user_id = ${idOf('admin_zheng')}`

    expect(await decide('admin_zheng', id, 'confirmed')).toEqual({ ok: false, code: 'second_person_required' })
  })

  it('the auditor reads proposals and decisions over REST, and in the log', async () => {
    const id = await proposed({ kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })
    await decide('chief_sun', id, 'confirmed')

    const { data } = await (await world.as('auditor_wu')).from('staff_proposals').select('kind, role, reason, decision, decided_by').eq('id', id)
    expect(data).toEqual([{ kind: 'change_role', role: 'lead', reason: 'as agreed on Monday', decision: 'confirmed', decided_by: idOf('chief_sun') }])
    const { entries } = await rpc('auditor_wu', 'list_audit_log', { p: {} })
    expect(JSON.stringify(entries)).toContain('staff.change_confirmed')
  })
})

describe('a lost second factor', () => {
  it('is reset after two people agreed: the person is signed out and enrols anew', async () => {
    await world.as('officer_li')
    const id = await proposed({ kind: 'reset_second_factor', staff: idOf('officer_li') })
    expect(await decide('chief_sun', id, 'confirmed')).toEqual({ ok: true })

    expect(await sessionsOf('officer_li')).toBe(0)
    expect(await world.sql`select user_id from private.staff_factors where user_id = ${idOf('officer_li')}`).toHaveLength(0)
    expect(await logged('staff.factor_reset')).toHaveLength(1)
    expect(await world.sql`select 1 from public.outbox where recipient_id = ${idOf('officer_li')} and template = 'staff.factor_reset'`).toHaveLength(1)
  })
})

describe('a role that reads no reports', () => {
  it('is given only after open work was handed to a colleague, and holds no community any more', async () => {
    const report = await aReport(world)
    await moveReport(world, 'officer_wang', report, 'received', 'triaged')
    await rpc('officer_wang', 'assign_report', { p_reference: report.reference, p_staff: idOf('officer_wang') })
    const id = await proposed({ kind: 'change_role', staff: idOf('officer_wang'), role: 'admin' })

    expect(await decide('chief_sun', id, 'confirmed')).toEqual({ ok: false, code: 'successor_required' })
    expect(await decide('chief_sun', id, 'confirmed', { successor: idOf('auditor_wu') })).toEqual({ ok: false, code: 'assignee_not_allowed' })
    expect(await staffRow('officer_wang')).toMatchObject({ role: 'officer' })
    expect(await decide('chief_sun', id, 'confirmed', { successor: idOf('officer_li') })).toEqual({ ok: true })

    expect(await world.sql`select assigned_to from public.reports where id = ${report.id}`).toMatchObject([{ assigned_to: idOf('officer_li') }])
    expect(await world.sql`select id from private.communities_of(${idOf('officer_wang')}) id`).toHaveLength(0)
  })

  it('is not given by the database to whoever still has work or a community (also past the functions)', async () => {
    await expect(world.sql`update public.staff set role = 'admin' where user_id = ${idOf('officer_wang')}`).rejects.toThrow('handed over')
    await expect(world.sql`insert into public.assignments (staff_id, community_id, from_on) values (${idOf('admin_zheng')}, ${world.community.pingAn}, '2030-01-01')`).rejects.toThrow('officers and leads')
    await expect(world.sql`insert into public.assignments (staff_id, community_id, from_on) values (${idOf('officer_wang')}, ${world.community.far}, '2030-01-01')`).rejects.toThrow('of their station')
  })

  it('a chief who becomes lead keeps no report about the police', async () => {
    const report = await aReport(world, { category: 'test_police', about_staff: [idOf('officer_li')] })
    await rpc('chief_qian', 'assign_report', { p_reference: report.reference, p_staff: idOf('chief_qian') })

    expect(await decide('chief_sun', await proposed({ kind: 'change_role', staff: idOf('chief_qian'), role: 'lead' }), 'confirmed')).toEqual({ ok: true })

    expect(await world.sql`select assigned_to from public.reports where id = ${report.id}`).toMatchObject([{ assigned_to: null }])
  })
})

describe('deactivation', () => {
  const deactivate = (who: Staff, staff: Staff, more: Record<string, unknown> = {}) => rpc(who, 'deactivate_staff', { p: { staff: idOf(staff), ...more } })

  it('is the chief\'s, for others, in their own station', async () => {
    for (const who of ['officer_wang', 'lead_zhao', 'auditor_wu', 'admin_zheng'] as const) expect(await deactivate(who, 'officer_li'), who).toEqual({ ok: false, code: 'forbidden' })
    expect(await deactivate('chief_far', 'officer_li')).toEqual({ ok: false, code: 'not_found' })
    expect(await deactivate('chief_sun', 'chief_sun')).toEqual({ ok: false, code: 'not_for_oneself' })
    expect(await staffRow('officer_li')).toMatchObject({ is_active: true })
  })

  it('hands reports, owed visits, proposals of residents and communities to a named colleague in the same transaction', async () => {
    const [open, closed] = [await aReport(world), await aReport(world)]
    for (const report of [open, closed]) {
      await rpc('officer_wang', 'assign_report', { p_reference: report.reference, p_staff: idOf('officer_wang') })
      await moveReport(world, 'officer_wang', report, 'received', 'triaged')
    }
    await moveReport(world, 'officer_wang', closed, 'triaged', 'closed', { closed_reason: 'unfounded' })
    await world.sql`update public.revisits set stopped_at = now() where report_id = ${closed.id} and stopped_at is null`
    await world.sql`insert into public.revisit_suggestions (revisit_id, report_id, at, text_sealed, owner_id, due_on) select id, report_id, now(), 'v1.x', ${idOf('officer_wang')}, '2030-01-01' from public.revisits where report_id = ${open.id}`
    await world.as('officer_wang')

    expect(await deactivate('chief_sun', 'officer_wang')).toEqual({ ok: false, code: 'successor_required' })
    expect(await deactivate('chief_sun', 'officer_wang', { successor: idOf('admin_zheng') })).toEqual({ ok: false, code: 'assignee_not_allowed' })
    expect(await deactivate('chief_sun', 'officer_wang', { successor: idOf('chief_far') })).toEqual({ ok: false, code: 'assignee_not_allowed' })
    expect(await deactivate('chief_sun', 'officer_wang', { successor: idOf('officer_li'), takes_communities: true })).toMatchObject({ ok: true, reports: 1, suggestions: 1, assignments: 1 })

    expect(await staffRow('officer_wang')).toMatchObject({ is_active: false })
    expect(await sessionsOf('officer_wang')).toBe(0)
    expect(await world.sql`select assigned_to from public.reports where id in (${open.id}, ${closed.id}) order by assigned_to = ${idOf('officer_li')} desc`).toMatchObject([{ assigned_to: idOf('officer_li') }, { assigned_to: idOf('officer_wang') }])
    expect(await world.sql`select owner_id from public.revisit_suggestions where report_id = ${open.id}`).toMatchObject([{ owner_id: idOf('officer_li') }])
    expect(await rpc('officer_li', 'open_report', { p_reference: open.reference })).toMatchObject({ ok: true })
    const now = await world.sql`select staff_id, from_on::text, to_on::text from public.assignments where community_id = ${world.community.pingAn} order by from_on`
    expect(now).toMatchObject([{ staff_id: idOf('officer_wang'), from_on: '2020-01-01' }, { staff_id: idOf('officer_li'), to_on: null }])
    expect(now[0]?.to_on < now[1]?.from_on).toBe(true)
    expect(await logged('staff.deactivated')).toMatchObject([{ actor_id: idOf('chief_sun'), details: { about: idOf('officer_wang'), successor: idOf('officer_li'), reports: 1, suggestions: 1 } }])
    expect((await logged('report.assigned')).at(-1)).toMatchObject({ details: { from: idOf('officer_wang'), to: idOf('officer_li') } })
  })

  it('hands duty over: the rest of the turn that runs and what is to come, but for hours in which the colleague is on duty already', async () => {
    const at = (hours: number) => new Date(Date.now() + hours * 3_600_000)
    const shift = (who: Staff, from: number, to: number) => world.sql`insert into public.duty_shifts (station_id, staff_id, starts_at, ends_at, set_by) values (${world.station.home}, ${idOf(who)}, ${at(from)}, ${at(to)}, ${idOf('lead_zhao')})`
    await shift('officer_wang', -30, -20)
    await shift('officer_wang', -2, 4)
    await shift('officer_wang', 20, 30)
    await shift('officer_li', 22, 24)
    await expect(world.sql`update public.staff set role = 'admin' where user_id = ${idOf('officer_wang')}`).rejects.toThrow('handed over')
    expect(await deactivate('chief_sun', 'officer_wang')).toEqual({ ok: false, code: 'successor_required' })

    expect(await deactivate('chief_sun', 'officer_wang', { successor: idOf('officer_li') })).toMatchObject({ ok: true, shifts: 2 })

    const turns = await world.sql<{ staff_id: string, from: number, to: number }[]>`select staff_id, round(extract(epoch from starts_at - now()) / 3600)::int as from, round(extract(epoch from ends_at - now()) / 3600)::int as to
      from public.duty_shifts where station_id = ${world.station.home} order by starts_at`
    expect(turns.map(({ staff_id, ...hours }) => ({ ...hours, who: staff_id === idOf('officer_li') ? 'li' : 'wang' }))).toEqual([
      { from: -30, to: -20, who: 'wang' }, { from: -2, to: 0, who: 'wang' }, { from: 0, to: 4, who: 'li' }, { from: 20, to: 22, who: 'li' }, { from: 22, to: 24, who: 'li' }, { from: 24, to: 30, who: 'li' },
    ])
  })

  it('a report about the police goes to a chief whom it does not name, or waits for all of them', async () => {
    const named = await aReport(world, { category: 'test_police', about_staff: [idOf('lead_zhao')] })
    await rpc('chief_qian', 'assign_report', { p_reference: named.reference, p_staff: idOf('chief_qian') })
    const id = await proposed({ kind: 'deactivate', staff: idOf('chief_qian') })
    expect(await decide('chief_sun', id, 'confirmed')).toEqual({ ok: false, code: 'successor_required' })
    expect(await decide('chief_sun', id, 'confirmed', { successor: idOf('lead_zhao') })).toEqual({ ok: true })

    expect(await world.sql`select assigned_to from public.reports where id = ${named.id}`).toMatchObject([{ assigned_to: null }])
    expect(await rpc('lead_zhao', 'open_report', { p_reference: named.reference })).toMatchObject({ ok: false, code: 'not_found' })
    expect(await rpc('chief_sun', 'open_report', { p_reference: named.reference })).toMatchObject({ ok: true })
  })

  it('nothing of it happens when a part of it fails', async () => {
    const report = await aReport(world)
    await rpc('officer_wang', 'assign_report', { p_reference: report.reference, p_staff: idOf('officer_wang') })
    await world.sql.unsafe(`create function public.break_${world.station.home.slice(0, 8)}() returns trigger language plpgsql as $$ begin if new.user_id = '${idOf('officer_wang')}' and not new.is_active then raise exception 'no'; end if; return new; end $$`)
    await world.sql.unsafe(`create trigger break_it before update on public.staff for each row execute function public.break_${world.station.home.slice(0, 8)}()`)
    try {
      const { error } = await (await world.as('chief_sun')).rpc('deactivate_staff', { p: { staff: idOf('officer_wang'), successor: idOf('officer_li') } })
      expect(error).not.toBeNull()
    }
    finally {
      await world.sql.unsafe('drop trigger break_it on public.staff')
      await world.sql.unsafe(`drop function public.break_${world.station.home.slice(0, 8)}()`)
    }

    expect(await world.sql`select assigned_to from public.reports where id = ${report.id}`).toMatchObject([{ assigned_to: idOf('officer_wang') }])
    expect(await world.sql`select id from private.communities_of(${idOf('officer_wang')}) id`).toHaveLength(1)
  })

  it('the last active chief stays, and so do the last auditor and the last administrator: by the function, and by the table', async () => {
    expect(await deactivate('chief_sun', 'admin_zheng')).toEqual({ ok: false, code: 'last_of_role' })
    expect(await decide('chief_sun', await proposed({ kind: 'deactivate', staff: idOf('auditor_wu') }), 'confirmed')).toEqual({ ok: false, code: 'last_of_role' })
    expect(await decide('chief_sun', await proposed({ kind: 'change_role', staff: idOf('auditor_wu'), role: 'officer' }), 'confirmed')).toEqual({ ok: false, code: 'last_of_role' })
    expect(await decide('chief_sun', await proposed({ kind: 'deactivate', staff: idOf('chief_qian') }), 'confirmed')).toEqual({ ok: true })
    const id = await proposed({ kind: 'change_role', staff: idOf('chief_sun'), role: 'lead' })

    await expect(world.sql`update public.staff set is_active = false where user_id = ${idOf('auditor_wu')}`).rejects.toThrow('last active auditor')
    await expect(world.sql`update public.staff set role = 'officer' where user_id = ${idOf('auditor_wu')}`).rejects.toThrow('last active auditor')

    await expect(world.sql`update public.staff set is_active = false where user_id = ${idOf('chief_sun')}`).rejects.toThrow('last active chief')
    await expect(world.sql`update public.staff set role = 'lead' where user_id = ${idOf('chief_sun')}`).rejects.toThrow('last active chief')
    await expect(world.sql`update public.staff set is_active = false where user_id = ${idOf('admin_zheng')}`).rejects.toThrow('last active admin')
    expect(id).toBeTruthy()
  })

  it('two chiefs who confirm each other\'s leaving at the same time leave one of them', async () => {
    const [qian, sun] = [await proposed({ kind: 'deactivate', staff: idOf('chief_qian') }), await proposed({ kind: 'deactivate', staff: idOf('chief_sun') })]
    await Promise.all([world.as('chief_sun'), world.as('chief_qian')])
    const answers = await Promise.allSettled([decide('chief_sun', qian, 'confirmed'), decide('chief_qian', sun, 'confirmed')])

    expect(answers.filter(answer => answer.status === 'fulfilled' && answer.value.ok)).toHaveLength(1)
    expect(await world.sql`select user_id from public.staff where station_id = ${world.station.home} and role = 'chief' and is_active`).toHaveLength(1)
  })

  it('ends what the person had proposed and what was proposed about them', async () => {
    const other = await join(await invited({ role: 'admin', badge: 'second-admin' }))
    const about = await proposed({ kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })
    expect(await deactivate('chief_sun', 'officer_li')).toMatchObject({ ok: true })
    const by = await proposed({ kind: 'change_role', staff: other, role: 'officer' })
    expect(await deactivate('chief_sun', 'admin_zheng')).toMatchObject({ ok: true })

    expect(await world.sql`select decision from public.staff_proposals where id in (${about}, ${by})`).toEqual([{ decision: 'refused' }, { decision: 'refused' }])
  })

  it('leaves what is proposed about the chief who does it to somebody else', async () => {
    const other = await join(await invited({ role: 'admin', badge: 'second-admin' }))
    const id = await proposed({ kind: 'deactivate', staff: idOf('chief_sun') })

    expect(await deactivate('chief_sun', 'admin_zheng')).toMatchObject({ ok: true })

    expect(other).toBeTruthy()
    expect(await world.sql`select decision from public.staff_proposals where id = ${id}`).toEqual([{ decision: null }])
    expect(await decide('chief_qian', id, 'confirmed')).toEqual({ ok: true })
  })

  it('is undone by two people: proposed, confirmed, and then with the role of before but no community', async () => {
    await deactivate('chief_sun', 'officer_li')
    expect(await propose('admin_zheng', { kind: 'reactivate', staff: idOf('officer_wang') })).toEqual({ ok: false, code: 'conflict' })
    expect(await propose('admin_zheng', { kind: 'change_role', staff: idOf('officer_li'), role: 'lead' })).toEqual({ ok: false, code: 'conflict' })
    const id = await proposed({ kind: 'reactivate', staff: idOf('officer_li') })
    expect(await decide('chief_qian', id, 'confirmed')).toEqual({ ok: true })

    expect(await staffRow('officer_li')).toMatchObject({ is_active: true, role: 'officer' })
    expect(await world.sql`select id from private.communities_of(${idOf('officer_li')}) id`).toHaveLength(0)
    expect(await logged('staff.reactivated')).toHaveLength(1)
  })
})

describe('the access of a chief or an auditor', () => {
  const secondAuditor = async () => join(await invited({ role: 'auditor', badge: 'second-auditor' }))
  const about = (staff: string, kind = 'deactivate') => proposed({ kind, staff, ...(kind === 'change_role' && { role: 'officer' }) })

  it('is not ended by one chief, not even with another auditor at work', async () => {
    await secondAuditor()
    for (const who of ['auditor_wu', 'chief_qian'] as const) expect(await rpc('chief_sun', 'deactivate_staff', { p: { staff: idOf(who) } }), who).toEqual({ ok: false, code: 'second_person_required' })

    expect([await staffRow('auditor_wu'), await staffRow('chief_qian')]).toMatchObject([{ is_active: true }, { is_active: true }])
    expect(await logged('staff.change_refused')).toMatchObject([{ actor_id: idOf('chief_sun'), details: { proposal: 'deactivate' } }, { actor_id: idOf('chief_sun') }])
  })

  it('ends when an administrator proposed it and a chief whom it does not concern confirms', async () => {
    await secondAuditor()
    await world.as('auditor_wu')
    expect(await propose('admin_zheng', { kind: 'deactivate', staff: idOf('officer_li') }), 'others a chief ends alone').toEqual({ ok: false, code: 'conflict' })
    const [auditor, chief] = [await about(idOf('auditor_wu')), await about(idOf('chief_qian'))]
    expect(await decide('chief_qian', chief, 'confirmed')).toEqual({ ok: false, code: 'not_for_oneself' })
    for (const who of ['auditor_wu', 'lead_zhao', 'admin_zheng'] as const) expect(await decide(who, auditor, 'confirmed'), who).toEqual({ ok: false, code: 'forbidden' })

    expect(await decide('chief_qian', auditor, 'confirmed')).toEqual({ ok: true })
    expect(await decide('chief_sun', chief, 'confirmed')).toEqual({ ok: true })

    expect([await staffRow('auditor_wu'), await staffRow('chief_qian')]).toMatchObject([{ is_active: false }, { is_active: false }])
    expect(await sessionsOf('auditor_wu')).toBe(0)
    expect(await world.sql`select decision, decided_by from public.staff_proposals where id = ${auditor}`).toEqual([{ decision: 'confirmed', decided_by: idOf('chief_qian') }])
    expect(await logged('staff.deactivated')).toHaveLength(2)
  })

  it.each(['deactivate', 'change_role'])('is not touched (%s) by whom an open report names that they handle or oversee', async (kind) => {
    await secondAuditor()
    const report = await aReport(world, { category: 'test_police', about_staff: [idOf('chief_sun'), idOf('admin_zheng')] })
    expect(await propose('admin_zheng', { kind, staff: idOf('auditor_wu'), role: 'officer' }), 'the administrator, too').toEqual({ ok: false, code: 'second_person_required' })
    await world.sql`update public.reports set about_staff = ${[idOf('chief_sun')]} where id = ${report.id}`
    const ids = [await about(idOf('auditor_wu'), kind), await about(idOf('chief_qian'), kind)]

    for (const id of ids) expect(await decide('chief_sun', id, 'confirmed')).toEqual({ ok: false, code: 'second_person_required' })

    expect(await logged('staff.change_refused')).toHaveLength(3)
    expect(await decide('chief_qian', ids[0], 'confirmed'), 'whom it does not name').toEqual({ ok: true })
    await world.sql`update public.reports set status = 'closed', closed_at = now(), closed_reason = 'unfounded' where id = ${report.id}`
    await world.sql`update public.revisits set stopped_at = now() where report_id = ${report.id} and stopped_at is null`
    expect(await decide('chief_sun', ids[1], 'confirmed'), 'once it is closed').toEqual({ ok: true })
  })
})

describe('names and numbers', () => {
  const correct = (who: Staff, staff: Staff, badge_number: string) => rpc(who, 'correct_staff', { p: { staff: idOf(staff), name, badge_number } })

  it('are corrected by chief or administrator, never one\'s own, and a number is given once', async () => {
    for (const who of everybodyBut('chief_sun', 'admin_zheng', 'chief_far')) expect(await correct(who, 'officer_li', 'x-1'), who).toEqual({ ok: false, code: 'forbidden' })
    expect(await correct('chief_far', 'officer_li', 'x-1')).toEqual({ ok: false, code: 'not_found' })
    expect(await correct('chief_sun', 'chief_sun', 'x-1')).toEqual({ ok: false, code: 'not_for_oneself' })
    expect(await correct('admin_zheng', 'officer_li', 'officer_wang')).toEqual({ ok: false, code: 'badge_taken' })

    expect(await correct('admin_zheng', 'officer_li', 'x-1')).toEqual({ ok: true })

    expect(await staffRow('officer_li')).toMatchObject({ badge_number: 'x-1' })
    expect(await logged('staff.corrected')).toMatchObject([{ actor_role: 'admin', details: { former_badge: 'officer_li', badge: 'x-1', former_name: { zh: expect.any(String) }, name } }])
  })
})
