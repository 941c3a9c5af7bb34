import { afterEach, beforeEach, expect, it } from 'vitest'
import { aReport, answerOf } from './reports-builder.ts'
import { type Staff, type World, buildWorld } from './world.ts'

let world: World

beforeEach(async () => {
  world = await buildWorld()
})
afterEach(() => world?.close())

const idOf = (who: Staff) => world.person[who].id
const rpc = async (who: Staff, fn: string, args: Record<string, unknown>) => answerOf((await world.as(who)).rpc(fn, args))
const day = async (days: number) => String((await world.sql`select ((private.clock() at time zone 'Asia/Shanghai')::date + ${days}::integer)::text as day`)[0]?.day)
const assign = async (who: Staff, staff: Staff, from: number, to: number | null, { kind = 'stand_in', community = world.community.pingAn } = {}) =>
  rpc(who, 'assign_community', { p: { staff: idOf(staff), community, kind, from_on: await day(from), to_on: to === null ? null : await day(to) } })
const end = async (who: Staff, id: unknown, days?: number) => rpc(who, 'end_assignment', { p_id: id, ...(days !== undefined && { p_last_on: await day(days) }) })
const open = async (who: Staff, reference: string) => (await rpc(who, 'open_report', { p_reference: reference })).ok
const logged = (action: string) => world.sql`select actor_id, details from public.audit_log where station_id = ${world.station.home} and action = ${action} order by id`
const standing = async (community: string) => (await world.sql`select id from public.assignments where community_id = ${community} and kind = 'officer'`)[0]?.id

it('communities are given by the chief, to officers and leads at work, from today on', async () => {
  for (const who of ['officer_wang', 'lead_zhao', 'auditor_wu', 'admin_zheng'] as const) expect(await assign(who, 'officer_li', 0, 3), who).toEqual({ ok: false, code: 'forbidden' })
  expect(await assign('chief_far', 'officer_li', 0, 3)).toEqual({ ok: false, code: 'not_found' })
  expect(await assign('chief_sun', 'officer_li', 0, 3, { community: world.community.far })).toEqual({ ok: false, code: 'not_found' })
  for (const other of ['chief_qian', 'auditor_wu', 'admin_zheng'] as const) expect(await assign('chief_sun', other, 0, 3), other).toEqual({ ok: false, code: 'assignee_not_allowed' })
  expect(await assign('chief_sun', 'officer_li', -1, 3), 'yesterday stays as it was').toEqual({ ok: false, code: 'invalid_input' })
  expect(await assign('chief_sun', 'officer_li', 3, 2)).toEqual({ ok: false, code: 'invalid_input' })
  expect(await assign('chief_sun', 'officer_li', 0, 3, { kind: 'helper' })).toEqual({ ok: false, code: 'invalid_input' })

  expect(await assign('chief_sun', 'lead_zhao', 0, 3)).toMatchObject({ ok: true })

  expect(await logged('staff.assigned')).toMatchObject([{ actor_id: idOf('chief_sun'), details: { about: idOf('lead_zhao'), community: world.community.pingAn, post: 'stand_in', from_on: await day(0), to_on: await day(3) } }])
})

it('a stand-in sees the reports of the community in that time, and its officer goes on seeing them', async () => {
  const { reference } = await aReport(world)
  expect(await open('officer_li', reference)).toBe(false)
  const { id } = await assign('chief_sun', 'officer_li', 0, 3)

  expect(await open('officer_li', reference)).toBe(true)
  expect(await open('officer_wang', reference)).toBe(true)
  expect(await end('chief_sun', id)).toEqual({ ok: true })
  expect(await open('officer_li', reference)).toBe(false)
})

it('a community has one officer at a time, by the function and by the table', async () => {
  expect(await assign('chief_sun', 'officer_li', 5, null, { kind: 'officer' })).toEqual({ ok: false, code: 'assignment_overlap' })
  await expect(world.sql`insert into public.assignments (staff_id, community_id, kind, from_on) values (${idOf('officer_li')}, ${world.community.pingAn}, 'officer', '2030-01-01')`).rejects.toThrow('assignments_one_officer_at_a_time')
  expect(await end('chief_sun', await standing(world.community.pingAn), 4)).toEqual({ ok: true })

  expect(await assign('chief_sun', 'officer_li', 5, null, { kind: 'officer' })).toMatchObject({ ok: true })
  expect(await end('chief_sun', await standing(world.community.pingAn), 9), 'the earlier one grows into the later').toMatchObject({ ok: false })
})

it('two chiefs who give the same days to two officers at once: one of them is told', async () => {
  await end('chief_sun', await standing(world.community.pingAn))
  await Promise.all([world.as('chief_sun'), world.as('chief_qian')])
  const answers = await Promise.all([assign('chief_sun', 'officer_li', 1, null, { kind: 'officer' }), assign('chief_qian', 'officer_wang', 1, null, { kind: 'officer' })])

  expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true])
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: 'assignment_overlap' })
})

it('nobody has the same community twice in the same time', async () => {
  expect(await assign('chief_sun', 'officer_wang', 0, 3)).toEqual({ ok: false, code: 'assignment_overlap' })
  expect(await assign('chief_sun', 'officer_li', 0, 3)).toMatchObject({ ok: true })
  expect(await assign('chief_sun', 'officer_li', 3, 6)).toEqual({ ok: false, code: 'assignment_overlap' })
  expect(await assign('chief_sun', 'officer_li', 4, 6)).toMatchObject({ ok: true })
})

it('ends by the chief: at once, at the end of a day, or never begun', async () => {
  const running = await standing(world.community.pingAn)
  for (const who of ['officer_wang', 'lead_zhao', 'auditor_wu', 'admin_zheng'] as const) expect(await end(who, running), who).toEqual({ ok: false, code: 'forbidden' })
  expect(await end('chief_far', running)).toEqual({ ok: false, code: 'not_found' })
  expect(await end('chief_sun', running, -1)).toEqual({ ok: false, code: 'invalid_input' })
  const { id: planned } = await assign('chief_sun', 'officer_li', 10, 12)

  expect(await end('chief_sun', running, 0)).toEqual({ ok: true })
  expect(await world.sql`select to_on::text from public.assignments where id = ${running}`).toEqual([{ to_on: await day(0) }])
  expect(await end('chief_sun', running)).toEqual({ ok: true })
  expect(await world.sql`select to_on::text from public.assignments where id = ${running}`).toEqual([{ to_on: await day(-1) }])
  expect(await end('chief_sun', planned)).toEqual({ ok: true })
  expect(await world.sql`select id from public.assignments where id = ${String(planned)}`).toEqual([])
  expect(await end('chief_sun', running), 'it is over').toEqual({ ok: false, code: 'not_found' })
  expect(await logged('staff.assignment_ended')).toHaveLength(3)
})

it('the page of people: chief and administrator see everything, lead and auditor who works where, officers nothing', async () => {
  const list = (who: Staff) => rpc(who, 'list_people', {})
  await rpc('admin_zheng', 'propose_staff_change', { p: { kind: 'change_role', staff: idOf('officer_li'), role: 'lead', reason: 'as agreed' } })
  const { reference } = await aReport(world)
  await rpc('officer_wang', 'assign_report', { p_reference: reference, p_staff: idOf('officer_wang') })
  const of = async (who: Staff) => {
    const answer = await list(who)
    const wang = (answer.people as Record<string, unknown>[]).find(({ id }) => id === idOf('officer_wang'))
    return { email: wang?.email, work: wang?.work, people: (answer.people as unknown[]).length, proposals: (answer.proposals as Record<string, unknown>[]).map(({ may_decide, may_withdraw }) => ({ may_decide, may_withdraw })) }
  }

  expect(await list('officer_wang')).toEqual({ ok: false, code: 'forbidden' })
  expect(await of('chief_sun')).toEqual({ email: world.person.officer_wang.email, work: { reports: 1, revisits: 0, suggestions: 0, shifts: 0 }, people: 7, proposals: [{ may_decide: true, may_withdraw: false }] })
  expect(await of('admin_zheng')).toEqual({ email: world.person.officer_wang.email, work: null, people: 7, proposals: [{ may_decide: false, may_withdraw: true }] })
  expect(await of('lead_zhao')).toEqual({ email: null, work: null, people: 7, proposals: [] })
  expect(await of('auditor_wu')).toEqual({ email: null, work: null, people: 7, proposals: [{ may_decide: false, may_withdraw: false }] })
  expect((await of('chief_far')).people).toBe(1)
})
