import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { patrolActs } from './patrols-builder.ts'
import { type Submission, aHash, answerOf, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { call, enrolled, aShift, signUp, moveTo, mailsOf, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
beforeEach(() => clear())
afterAll(() => world?.close())

/** As the portal calls, with the secret key. */
const server = async (who: Person, name: string, changes: Submission) => answerOf(world.server.rpc(name, { p: { ...await world.actor(who), ...changes } }))
const checkIn = (who: Person, shift: string) => server(who, 'check_in', { shift, step: Math.floor(Date.now() / 30_000) })
const start = (shift: string, who: Person = 'lead_zhao') => call(who, 'lead_patrol', { act: 'start', shift })
const round = (who: Person, shift: string) => call(who, 'get_patrol_round', { shift })
const actsOf = async (shift: string) => (await world.sql<{ action: string }[]>`select action from public.audit_log where noun_id = ${shift} order by id`).map(({ action }) => action)
const callOverdue = async () => (await world.sql<{ calls: number }[]>`select private.call_overdue(${world.station.home}) as calls`)[0]!.calls

/** A route with two checkpoints, whose codes are printed. */
async function aRoute() {
  const [grid] = await world.sql<{ id: string }[]>`select id from public.grids where community_id = ${world.community.pingAn} and is_active order by code limit 1`
  const name = { zh: '东门', en: 'East gate' }
  const { id } = await call('lead_zhao', 'save_patrol_route', { community: world.community.pingAn, name, checkpoints: [{ grid: grid!.id, name }, { grid: grid!.id, name }] })
  return { route: id as string, grid: grid!.id }
}
const codes = (route: string, changes: Submission = {}) => server('lead_zhao', 'issue_checkpoint_codes', { route, codes: Array.from({ length: 3 }, () => ({ hash: aHash(), sealed: sealed('a code') })), ...changes })
const printed = async (route: string, changes: Submission = {}) => (await codes(route, changes)).codes as { checkpoint: string, hash: string }[]

/** A patrol that Amina and Bo are on; under way unless it waits. */
async function aPatrol({ isWaiting = false, route }: { isWaiting?: boolean, route?: string } = {}) {
  const shift = await aShift()
  const [amina, bo] = [await enrolled('amina_resident'), await enrolled('bo_resident')]
  for (const volunteer of [amina, bo]) await signUp(volunteer, shift)
  await moveTo(shift, 5 / 60)
  if (route) await world.sql`update public.patrol_shifts set route_id = ${route} where id = ${shift}`
  await server('lead_zhao', 'open_roll_call', { shift, secret_sealed: sealed('the secret') })
  await checkIn('amina_resident', shift)
  await checkIn('bo_resident', shift)
  if (!isWaiting) await start(shift)
  return { shift, amina, bo }
}

describe('the checklist', () => {
  it('is answered by those who checked in, shown to the others as a count, and keeps no patrol from starting', async () => {
    const { shift } = await aPatrol({ isWaiting: true })

    expect(await call('amina_resident', 'answer_checklist', { shift, answers: { vest: true, torch: false } })).toEqual({ ok: true })

    const { checklist, present } = await round('bo_resident', shift)
    expect(present).toBe(2)
    expect(checklist).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'vest', mine: null, met: 1 }), expect.objectContaining({ code: 'torch', met: 0 })]))
    expect(await start(shift)).toEqual({ ok: true })
  })

  it('takes no answer from somebody who is not there, none for another type of shift, and none that is neither yes nor no', async () => {
    const { shift, bo } = await aPatrol({ isWaiting: true })
    await world.sql`delete from private.check_ins where place_id = (select id from public.shift_places where shift_id = ${shift} and volunteer_id = ${bo})`

    expect(await call('bo_resident', 'answer_checklist', { shift, answers: { vest: true } })).toEqual({ ok: false, code: 'not_found' })
    expect(await call('amina_resident', 'answer_checklist', { shift, answers: { children: true } })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await call('amina_resident', 'answer_checklist', { shift, answers: { vest: 'yes' } })).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('and the rest of a patrol are nothing for whoever is neither on it nor leads it', async () => {
    const { shift, bo } = await aPatrol()
    await world.sql`update public.shift_places set state = 'left', ended_at = now() where shift_id = ${shift} and volunteer_id = ${bo}`

    expect(await round('bo_resident', shift)).toEqual({ ok: false, code: 'not_found' })
    expect(await round('officer_li', shift)).toEqual({ ok: false, code: 'not_found' })
    expect(await round('lead_zhao', shift)).toMatchObject({ ok: true, may_answer: false, may_report: true })
  })
})

describe('a checkpoint', () => {
  it('counts for one\'s own patrol under way on its route, once in ten minutes, as grid and minute', async () => {
    const { route, grid } = await aRoute()
    const [point] = await printed(route)
    const { shift } = await aPatrol({ route })

    const first = await server('amina_resident', 'visit_checkpoint', { code_hash: point!.hash })
    expect(first).toMatchObject({ ok: true, is_new: true })
    expect(await server('bo_resident', 'visit_checkpoint', { code_hash: point!.hash })).toMatchObject({ ok: true, is_new: false, minute_at: first.minute_at })

    const visits = await world.sql<{ checkpoint_id: string, grid_id: string, minute_at: Date }[]>`select checkpoint_id, grid_id, minute_at from private.checkpoint_visits where shift_id = ${shift}`
    expect(visits).toEqual([{ checkpoint_id: point!.checkpoint, grid_id: grid, minute_at: new Date(first.minute_at as string) }])
    expect(visits[0]!.minute_at.getTime() % 60_000).toBe(0)
    await world.sql`update private.checkpoint_visits set minute_at = minute_at - interval '10 minutes' where shift_id = ${shift}`
    expect(await server('amina_resident', 'visit_checkpoint', { code_hash: point!.hash })).toMatchObject({ ok: true, is_new: true })
  })

  it.each([
    { because: 'the patrol has not started', isWaiting: true, isOnRoute: true },
    { because: 'it is on another route', isWaiting: false, isOnRoute: false },
  ])('counts for nothing where $because', async ({ isWaiting, isOnRoute }) => {
    const [{ route }, other] = [await aRoute(), await aRoute()]
    const [point] = await printed(route)
    const { shift } = await aPatrol({ isWaiting, route: isOnRoute ? route : other.route })

    expect(await server('amina_resident', 'visit_checkpoint', { code_hash: point!.hash })).toEqual({ ok: false, code: 'not_found' })
    expect(await world.sql`select from private.checkpoint_visits where shift_id = ${shift}`).toHaveLength(0)
  })

  it('counts for tonight\'s patrol, also when somebody forgot to check out of last night\'s', async () => {
    const { route } = await aRoute()
    const [point] = await printed(route)
    const { shift: yesterday, amina, bo } = await aPatrol({ route })
    await moveTo(yesterday, -24)
    const tonight = await aShift()
    for (const volunteer of [amina, bo]) await signUp(volunteer, tonight)
    await moveTo(tonight, 5 / 60)
    await world.sql`update public.patrol_shifts set route_id = ${route} where id = ${tonight}`
    await server('lead_zhao', 'open_roll_call', { shift: tonight, secret_sealed: sealed('the secret') })
    await checkIn('amina_resident', tonight)
    await checkIn('bo_resident', tonight)
    await start(tonight)

    expect(await server('amina_resident', 'visit_checkpoint', { code_hash: point!.hash })).toMatchObject({ ok: true })

    expect(await world.sql`select shift_id from private.checkpoint_visits where shift_id in (${yesterday}, ${tonight})`).toEqual([{ shift_id: tonight }])
  })

  it('counts for nobody who went home, is not on the patrol, or is not signed in', async () => {
    const { route } = await aRoute()
    const [point] = await printed(route)
    const { shift } = await aPatrol({ route })
    await call('amina_resident', 'check_out', { shift })

    expect(await server('amina_resident', 'visit_checkpoint', { code_hash: point!.hash })).toEqual({ ok: false, code: 'not_found' })
    expect(await server('lead_zhao', 'visit_checkpoint', { code_hash: point!.hash })).toEqual({ ok: false, code: 'not_found' })
    expect(await answerOf(world.server.rpc('visit_checkpoint', { p: { code_hash: point!.hash } }))).toEqual({ ok: false, code: 'sign_in_required' })
  })

  it('keeps its code when the posters are printed again; a renewed one ends the old one', async () => {
    const { route } = await aRoute()
    const before = await printed(route)
    expect(await printed(route)).toEqual(before)

    const after = await printed(route, { renew: before[0]!.checkpoint })

    expect(after[0]!.hash).not.toBe(before[0]!.hash)
    expect(after[1]).toEqual(before[1])
    await aPatrol({ route })
    expect(await server('amina_resident', 'visit_checkpoint', { code_hash: before[0]!.hash })).toEqual({ ok: false, code: 'not_found' })
    expect(await server('amina_resident', 'visit_checkpoint', { code_hash: after[0]!.hash })).toMatchObject({ ok: true })
    expect(await actsOf(route)).toEqual(['shift.route_saved', 'shift.posters_printed', 'shift.posters_printed', 'shift.poster_renewed'])
  })

  it('has posters for leads and chiefs of its station only', async () => {
    const { route } = await aRoute()

    for (const who of ['officer_wang', 'auditor_wu', 'amina_resident'] satisfies Person[]) expect(await server(who, 'issue_checkpoint_codes', { route, codes: [] })).toEqual({ ok: false, code: 'forbidden' })
    expect(await server('chief_far', 'issue_checkpoint_codes', { route, codes: [] })).toEqual({ ok: false, code: 'not_found' })
  })

  it('leaves no track: nothing that is kept of a night holds a place finer than a grid, or a time finer than a minute beside a place', async () => {
    const columns = await world.sql<{ table_name: string, column_name: string, data_type: string }[]>`
      select table_name, column_name, data_type from information_schema.columns where table_schema = 'private'
        and table_name in ('patrol_nights', 'check_ins', 'check_in_tries', 'checklist_answers', 'checkpoint_visits', 'patrol_reports', 'patrol_findings', 'overdue_calls') order by table_name, ordinal_position`

    expect(columns.length).toBeGreaterThan(30)
    // Numbers that could be coordinates, shapes, networks and open-ended documents: none. What counts is counted in whole numbers.
    expect(columns.filter(({ data_type: type }) => !['uuid', 'text', 'timestamp with time zone', 'boolean', 'bigint', 'smallint'].includes(type))).toEqual([])
    expect(columns.filter(({ column_name: name }) => /lat|lng|lon|coord|geo|^point|accuracy|address|device|track/.test(name) && name !== 'lead_told_at')).toEqual([])
    expect(columns.filter(({ table_name: table }) => table === 'checkpoint_visits').map(({ column_name: name }) => name)).toEqual(['shift_id', 'checkpoint_id', 'grid_id', 'minute_at'])
    const { route } = await aRoute()
    const [point] = await printed(route)
    const { shift } = await aPatrol({ route })
    await expect(world.sql`insert into private.checkpoint_visits select ${shift}, k.id, k.grid_id, date_trunc('minute', now()) + interval '7 seconds' from public.patrol_checkpoints k where k.id = ${point!.checkpoint}`).rejects.toThrow('check constraint')
  })
})

describe('a trainee', () => {
  async function aPair({ attended }: { attended: number }) {
    const shift = await aShift()
    const bo = await enrolled('bo_resident', { attended })
    const amina = await enrolled('amina_resident', { state: 'active' })
    for (const volunteer of [bo, amina]) await signUp(volunteer, shift)
    await world.sql`update public.shift_places set is_trainee = true where shift_id = ${shift} and volunteer_id = ${amina}`
    await world.sql`update public.patrol_shifts set lead_volunteer_id = ${bo} where id = ${shift}`
    await moveTo(shift, 5 / 60)
    await server('bo_resident', 'open_roll_call', { shift, secret_sealed: sealed('the secret') })
    for (const who of ['amina_resident', 'bo_resident'] satisfies Person[]) await checkIn(who, shift)
    return shift
  }

  it('does not set out without somebody who had five shifts before this one', async () => {
    const shift = await aPair({ attended: 4 })

    expect(await start(shift, 'bo_resident')).toEqual({ ok: false, code: 'start_needs_experienced' })
    await expect(world.sql`update public.patrol_shifts set state = 'under_way' where id = ${shift}`).rejects.toThrow('somebody experienced')
  })

  it('sets out with somebody who had', async () => {
    expect(await start(await aPair({ attended: 5 }), 'bo_resident')).toEqual({ ok: true })
  })

  it('sets out with staff who lead', async () => {
    const shift = await aPair({ attended: 0 })
    await world.sql`update public.patrol_shifts set lead_volunteer_id = null, lead_staff_id = ${world.person.officer_wang.id} where id = ${shift}`

    expect(await start(shift, 'officer_wang')).toEqual({ ok: true })
  })
})

describe('the report of a patrol', () => {
  const body = () => ({ key_hash: aHash(), body_hash: aHash(), route_walked: 'yes', summary_sealed: sealed('quiet'), findings: 1 })
  const file = (who: Person, shift: string, changes: Submission = {}) => server(who, 'file_patrol_report', { shift, ...body(), ...changes })

  it('is one: the same send again answers the same, another one is refused', async () => {
    const { shift } = await aPatrol()
    const sent = body()

    expect(await file('amina_resident', shift, sent)).toMatchObject({ ok: true, is_replay: false })
    expect(await file('amina_resident', shift, sent)).toMatchObject({ ok: true, is_replay: true })
    expect(await file('amina_resident', shift, { ...sent, body_hash: aHash() })).toEqual({ ok: false, code: 'idempotency_conflict' })
    expect(await file('bo_resident', shift)).toEqual({ ok: false, code: 'conflict' })
    expect((await actsOf(shift)).filter(act => act === 'shift.report_filed')).toHaveLength(1)
  })

  it('of two who send at once is one', async () => {
    const { shift } = await aPatrol()

    const codes = (await Promise.all([file('amina_resident', shift), file('bo_resident', shift), file('lead_zhao', shift)])).map(({ code }) => code)

    expect(codes.filter(code => code === 'conflict')).toHaveLength(2)
  })

  it('is written from the start until a day after the end, by those who came or whoever leads', async () => {
    const { shift, bo } = await aPatrol({ isWaiting: true })
    expect(await file('amina_resident', shift)).toEqual({ ok: false, code: 'status_order' })
    await start(shift)
    await world.sql`delete from private.check_ins where place_id = (select id from public.shift_places where shift_id = ${shift} and volunteer_id = ${bo})`

    expect(await file('bo_resident', shift)).toEqual({ ok: false, code: 'not_found' })
    await moveTo(shift, -27)
    expect(await file('amina_resident', shift)).toEqual({ ok: false, code: 'status_order' })
    await moveTo(shift, -25)
    expect(await file('amina_resident', shift)).toMatchObject({ ok: true })
  })

  it('is read at the desk by the officers of the community, lead and chief, and each reading is logged', async () => {
    const { shift } = await aPatrol()
    await file('amina_resident', shift)

    for (const who of ['officer_wang', 'lead_zhao', 'chief_sun'] satisfies Person[]) expect(await server(who, 'open_patrol_round', { shift })).toMatchObject({ ok: true, summary_sealed: sealed('quiet'), report: { route_walked: 'yes', findings: 1 } })
    for (const who of ['officer_li', 'auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] satisfies Person[]) expect(await server(who, 'open_patrol_round', { shift })).toEqual({ ok: false, code: 'not_found' })
    expect((await actsOf(shift)).filter(act => act === 'shift.report_read')).toHaveLength(3)
  })

  it('takes no finding that is no report of a patrol, and none beyond what was sent', async () => {
    const { shift } = await aPatrol()
    await file('amina_resident', shift)

    expect(await answerOf(world.server.rpc('link_patrol_finding', { p: { shift, position: 1, reference: 'LL-0000-0000' } }))).toEqual({ ok: false, code: 'not_found' })
  })

  it('goes its way: visits and checklists after 90 days, the summary after a year', async () => {
    const { route } = await aRoute()
    const [point] = await printed(route)
    const { shift } = await aPatrol({ route })
    await call('amina_resident', 'answer_checklist', { shift, answers: { vest: true } })
    await server('amina_resident', 'visit_checkpoint', { code_hash: point!.hash })
    await file('amina_resident', shift)
    const kept = async () => (await world.sql<{ kept: number[] }[]>`select array[(select count(*) from private.checkpoint_visits t where t.shift_id = ${shift}), (select count(*) from private.checklist_answers a join public.shift_places q on q.id = a.place_id where q.shift_id = ${shift}),
      (select count(*) from private.patrol_reports r where r.shift_id = ${shift} and r.summary_sealed is not null)]::integer[] as kept`)[0]!.kept

    await world.sql`select private.retain_rounds(1000, false)`
    expect(await kept()).toEqual([1, 1, 1])
    await moveTo(shift, -24 * 91)
    await world.sql`select private.retain_rounds(1000, false)`
    expect(await kept()).toEqual([0, 0, 1])
    await world.sql`update private.patrol_reports set filed_at = filed_at - interval '367 days' where shift_id = ${shift}`
    await world.sql`select private.retain_rounds(1000, true)`
    expect(await kept()).toEqual([0, 0, 1])
    await world.sql`select private.retain_rounds(1000, false)`
    expect(await kept()).toEqual([0, 0, 0])
  })

  it('stays with the patrol when the account of its author is erased; the answers of the checklist go', async () => {
    const { shift, amina } = await aPatrol()
    await call('amina_resident', 'answer_checklist', { shift, answers: { vest: true } })
    await call('bo_resident', 'answer_checklist', { shift, answers: { vest: true } })
    await file('amina_resident', shift)

    await world.sql.begin(async (sql) => {
      await sql`insert into private.account_erasures (user_id, asked_at) values (${world.person.amina_resident.id}, now())`
      const [kept] = await sql`select (select count(*)::integer from private.checklist_answers a join public.shift_places q on q.id = a.place_id where q.shift_id = ${shift} and q.volunteer_id = ${amina}) as hers,
        (select count(*)::integer from private.checklist_answers a join public.shift_places q on q.id = a.place_id where q.shift_id = ${shift}) as answers,
        (select count(*)::integer from private.patrol_reports r join public.volunteers v on v.id = r.filed_by_volunteer where r.shift_id = ${shift} and v.user_id is null) as reports`
      expect(kept).toEqual({ hers: 0, answers: 1, reports: 1 })
      throw new Error('undone')
    }).catch((error: Error) => expect(error.message).toBe('undone'))
  })

  it('is in the copy of the account that wrote it', async () => {
    const { shift } = await aPatrol()
    await call('amina_resident', 'answer_checklist', { shift, answers: { vest: true } })
    await file('amina_resident', shift)
    const [row] = await world.sql<{ copy: { checklists: unknown[], patrol_reports: unknown[] } }[]>`select private.volunteer_copy(${world.person.amina_resident.id}) as copy`

    expect(row!.copy.checklists).toMatchObject([{ item: 'vest', is_met: true }])
    expect(row!.copy.patrol_reports).toMatchObject([{ shift, route_walked: 'yes', summary_sealed: sealed('quiet') }])
  })
})

describe('a patrol that is not home in time', () => {
  it('is told to whoever leads it after twenty minutes and to the station ten minutes later, each once', async () => {
    const { shift, amina } = await aPatrol()
    await world.sql`update public.patrol_shifts set lead_volunteer_id = ${amina} where id = ${shift}`
    await moveTo(shift, -2 - 19 / 60)
    expect(await callOverdue()).toBe(0)

    await moveTo(shift, -2 - 21 / 60)
    expect([await callOverdue(), await callOverdue()]).toEqual([1, 0])
    expect(await mailsOf(shift)).toEqual(['patrols.overdue_lead amina_resident'])
    await world.sql`update private.overdue_calls set lead_told_at = lead_told_at - interval '10 minutes' where shift_id = ${shift}`

    expect([await callOverdue(), await callOverdue()]).toEqual([1, 0])
    expect(await mailsOf(shift)).toEqual(['patrols.overdue chief_qian', 'patrols.overdue chief_sun', 'patrols.overdue lead_zhao', 'patrols.overdue_lead amina_resident'])
    expect((await actsOf(shift)).slice(-2)).toEqual(['shift.overdue', 'shift.overdue_station'])
  })

  it('without a lead is told to the officers of its community', async () => {
    const { shift } = await aPatrol()
    await moveTo(shift, -2 - 21 / 60)

    await callOverdue()

    expect(await mailsOf(shift)).toEqual(['patrols.overdue officer_wang'])
  })

  it('of a lead who is gone is told to the station at once', async () => {
    const { shift } = await aPatrol()
    await world.sql`update public.patrol_shifts set lead_staff_id = ${world.person.officer_li.id} where id = ${shift}`
    await world.sql`update public.staff set is_active = false where user_id = ${world.person.officer_li.id}`
    await moveTo(shift, -2 - 21 / 60)

    expect(await callOverdue()).toBe(2)
    await world.sql`update public.staff set is_active = true where user_id = ${world.person.officer_li.id}`

    expect(await mailsOf(shift)).toEqual(['patrols.overdue chief_qian', 'patrols.overdue chief_sun', 'patrols.overdue lead_zhao'])
  })

  it('is no news for a volunteer who was suspended meanwhile, nor for a colleague who became auditor', async () => {
    const { shift, amina } = await aPatrol()
    await world.sql`update public.volunteers set state = 'suspended', suspended_from = 'active' where id = ${amina}`
    await world.sql`update public.patrol_shifts set lead_volunteer_id = ${amina} where id = ${shift}`
    await moveTo(shift, -2 - 21 / 60)
    await callOverdue()
    expect(await mailsOf(shift)).toEqual(['patrols.overdue officer_wang'])

    const { shift: other } = await (await clear(), aPatrol())
    await world.sql`update public.patrol_shifts set lead_staff_id = ${world.person.auditor_wu.id} where id = ${other}`
    await moveTo(other, -2 - 21 / 60)
    await callOverdue()
    expect(await mailsOf(other)).toEqual(['patrols.overdue chief_qian', 'patrols.overdue chief_sun', 'patrols.overdue lead_zhao'])
  })

  it('stands at the desk until the last one has checked out, and is then nobody\'s alarm', async () => {
    const { shift } = await aPatrol()
    await moveTo(shift, -2 - 21 / 60)
    await callOverdue()
    const list = async (who: Person) => answerOf((await world.as(who)).rpc('list_overdue_patrols'))
    expect(await list('officer_wang')).toMatchObject({ ok: true, patrols: [{ shift, out: 2 }] })
    expect(await list('officer_li')).toMatchObject({ ok: true, patrols: [] })
    expect(await list('amina_resident')).toEqual({ ok: false, code: 'forbidden' })

    await call('amina_resident', 'check_out', { shift })
    await call('bo_resident', 'check_out', { shift })

    expect(await list('officer_wang')).toMatchObject({ ok: true, patrols: [] })
    expect(await callOverdue()).toBe(0)
  })
})
