import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { inHours, patrolActs } from './patrols-builder.ts'
import { type Submission, aHash, answerOf, aReport, sealed } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
let today = ''
const { call, own, enrolled, aShift, signUp, mailsOf, clear } = patrolActs(() => world)
/** As the portal calls, with the secret key. */
const server = async (who: Person, fn: string, changes: Submission) => answerOf(world.server.rpc(fn, { p: { ...await world.actor(who), ...changes } }))
const day = (ahead: number) => new Date(Date.parse(today) + ahead * 86_400_000).toISOString().slice(0, 10)
const name = (en: string) => ({ zh: '东门', en })
const pointsSchema = z.array(z.object({ id: z.uuid(), code: z.string().nullable(), position: z.number(), is_active: z.boolean(), en: z.string() }))
const pointsOf = async (route: string) => pointsSchema.parse(await world.sql`
  select c.id, k.code_hash as code, c.position, c.is_active, c.name ->> 'en' as en from public.patrol_checkpoints c left join private.checkpoint_codes k on k.checkpoint_id = c.id where c.route_id = ${route} order by c.is_active desc, c.position`)

async function aRoute(checkpoints: readonly string[] = ['East gate', 'Well']) {
  const { id } = await call('lead_zhao', 'save_patrol_route', { community: world.community.pingAn, name: name('East'), checkpoints: checkpoints.map(point => ({ grid: world.grid.pingAn, name: name(point) })) })
  await print(id as string)
  return id as string
}
/** Prints the posters that are missing. */
const print = (route: string) => server('lead_zhao', 'issue_checkpoint_codes', { route, codes: Array.from({ length: 3 }, () => ({ hash: aHash(), sealed: sealed('a code') })) })
/** Every day for two weeks from today. */
async function aSeries() {
  const made = await call('lead_zhao', 'save_shift_series', { community: world.community.pingAn, type: 'on_foot', weekdays: [1, 2, 3, 4, 5, 6, 7], starts_at_local: '19:30', duration_minutes: 120, from_on: today, until_on: day(14), exceptions: [], needed: 2, maximum: 4 })
  return made.id as string
}
const shiftOn = async (series: string, date: string) => (await world.sql<{ id: string, state: string }[]>`select id, state from public.patrol_shifts where series_id = ${series} and series_date = ${date}`)[0]

beforeAll(async () => {
  world = await buildWorld()
  const [row] = await world.sql<{ today: string }[]>`select private.day_at(${world.station.home}, private.clock())::text as today`
  today = row?.today ?? ''
})
beforeEach(() => clear())
afterAll(() => world?.close())

describe('a route', () => {
  it('is changed in place: what stays keeps its poster, what goes loses it, what comes gets its own', async () => {
    const route = await aRoute(['East gate', 'Well', 'Arch'])
    const [gate, well, arch] = await pointsOf(route)
    const point = (id: string | undefined, en: string) => ({ ...(id && { id }), grid: world.grid.pingAn, name: name(en) })

    const answer = await call('lead_zhao', 'change_patrol_route', { id: route, name: name('East, longer'), checkpoints: [point(arch?.id, 'Arch'), point(undefined, 'School'), point(gate?.id, 'East gate, left')] })

    expect(answer).toEqual({ ok: true, id: route })
    const [first, second, third, gone] = await pointsOf(route)
    expect([first, third]).toEqual([{ ...arch, position: 1 }, { ...gate, position: 3, en: 'East gate, left' }])
    expect(second).toMatchObject({ en: 'School', position: 2, code: null })
    await print(route)
    const codes = (await pointsOf(route)).map(({ code }) => code)
    expect(codes).toEqual([arch?.code, expect.any(String), gate?.code, null])
    expect(codes[1]).not.toBe(well?.code)
    expect(gone).toMatchObject({ id: well?.id, is_active: false, code: null })
  })

  it('never moves a checkpoint to another place, nor takes one from another route', async () => {
    const [route, other] = [await aRoute(), await aRoute()]
    const [[mine], [theirs]] = [await pointsOf(route), await pointsOf(other)]
    const change = (checkpoints: unknown[]) => call('lead_zhao', 'change_patrol_route', { id: route, name: name('East'), checkpoints })

    expect(await change([{ id: theirs?.id, grid: world.grid.pingAn, name: name('Theirs') }])).toEqual({ ok: false, code: 'invalid_input' })
    expect(await change([{ id: mine?.id, grid: world.grid.changLe, name: name('Elsewhere') }])).toEqual({ ok: false, code: 'invalid_input' })
    expect(await change([mine, mine].map(point => ({ id: point?.id, grid: world.grid.pingAn, name: name('Twice') })))).toEqual({ ok: false, code: 'invalid_input' })
    expect((await pointsOf(route)).every(point => point.is_active && point.code)).toBe(true)
  })

  it('stays as it is while a patrol is on it', async () => {
    const [route, shift] = [await aRoute(), await aShift({ startsIn: -1 })]
    await world.sql`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at) select s.id, v, s.period, 'confirmed', false, now() from public.patrol_shifts s, unnest(${[await enrolled(), await enrolled()]}::uuid[]) v where s.id = ${shift}`
    await world.sql`insert into private.check_ins (place_id, how, step, present_at, synced_at) select p.id, 'code', 1, now(), now() from public.shift_places p where p.shift_id = ${shift}`
    await world.sql`update public.patrol_shifts set route_id = ${route}, state = 'under_way' where id = ${shift}`

    expect(await call('lead_zhao', 'change_patrol_route', { id: route, name: name('East'), checkpoints: [] })).toEqual({ ok: false, code: 'conflict' })
    expect(await call('lead_zhao', 'retire_patrol_route', { id: route })).toEqual({ ok: false, code: 'conflict' })
  })

  it('is retired once no shift to come needs it, with its posters', async () => {
    const [route, shift] = [await aRoute(), await aShift()]
    await world.sql`update public.patrol_shifts set route_id = ${route} where id = ${shift}`
    expect(await call('lead_zhao', 'retire_patrol_route', { id: route })).toEqual({ ok: false, code: 'conflict' })
    await world.sql`update public.patrol_shifts set route_id = null where id = ${shift}`

    expect(await call('lead_zhao', 'retire_patrol_route', { id: route })).toEqual({ ok: true })

    expect(await call('lead_zhao', 'retire_patrol_route', { id: route })).toEqual({ ok: false, code: 'not_found' })
    expect((await pointsOf(route)).map(({ code }) => code)).toEqual([null, null])
    expect(JSON.stringify(await call('lead_zhao', 'list_desk_patrols', { from: inHours(0), to: inHours(1) }))).not.toContain(route)
  })

  it.each(['officer_wang', 'auditor_wu', 'amina_resident'] as const)('is not %s\'s to change', async (who: Person) => {
    const route = await aRoute()
    expect(await call(who, 'change_patrol_route', { id: route, name: name('Mine'), checkpoints: [] })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call(who, 'retire_patrol_route', { id: route })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('chief_far', 'retire_patrol_route', { id: route })).toEqual({ ok: false, code: 'not_found' })
  })
})

describe('a day taken out of a series', () => {
  it('calls its shift off and tells whoever is on it; the job does not write it again', async () => {
    await enrolled('amina_resident')
    const series = await aSeries()
    const shift = await shiftOn(series, day(3))
    await world.sql`update public.patrol_shifts set first_claims_until = now() where id = ${shift!.id}`
    await own('amina_resident', 'sign_up', { shift: shift!.id })

    expect(await call('lead_zhao', 'except_series_day', { id: series, day: day(3), reason: '社区庙会' })).toEqual({ ok: true, cancelled: 1 })

    expect(await shiftOn(series, day(3))).toMatchObject({ state: 'cancelled' })
    expect(await shiftOn(series, day(4))).toMatchObject({ state: 'open' })
    expect(await mailsOf(shift!.id)).toEqual(['patrols.cancelled amina_resident'])
    expect(await call('lead_zhao', 'except_series_day', { id: series, day: day(3), reason: '社区庙会' })).toEqual({ ok: false, code: 'invalid_input' })
    expect((await call('lead_zhao', 'list_desk_patrols', { from: inHours(0), to: inHours(1) })).series).toMatchObject([{ exceptions: [day(3)] }])
  })

  it('is put back as a new shift; whoever was told that theirs is off is on no other', async () => {
    await enrolled('amina_resident')
    const series = await aSeries()
    const old = await shiftOn(series, day(3))
    await world.sql`update public.patrol_shifts set first_claims_until = now() where id = ${old!.id}`
    await own('amina_resident', 'sign_up', { shift: old!.id })
    await call('lead_zhao', 'except_series_day', { id: series, day: day(3), reason: '社区庙会' })
    const back = (who: Person, changes: Record<string, unknown> = {}) => call(who, 'restore_series_day', { id: series, day: day(3), ...changes })
    expect(await back('officer_wang')).toEqual({ ok: false, code: 'forbidden' })
    expect(await back('chief_far')).toEqual({ ok: false, code: 'not_found' })
    expect(await back('lead_zhao', { day: day(4) }), 'a day that was never out').toEqual({ ok: false, code: 'not_found' })

    expect(await back('lead_zhao')).toEqual({ ok: true, added: 1 })

    const made = await shiftOn(series, day(3))
    expect(made).toMatchObject({ state: 'open' })
    expect(made?.id).not.toBe(old!.id)
    expect(await world.sql`select state, series_id from public.patrol_shifts where id = ${old!.id}`).toEqual([{ state: 'cancelled', series_id: null }])
    expect(await world.sql`select from public.shift_places where shift_id = ${made!.id}`).toHaveLength(0)
    expect(await back('lead_zhao')).toEqual({ ok: false, code: 'not_found' })
    expect(await call('lead_zhao', 'except_series_day', { id: series, day: day(3), reason: '又停办' }), 'and it may go again').toEqual({ ok: true, cancelled: 1 })
  })

  it('is a day to come of that series, with a reason, by whoever plans', async () => {
    const series = await aSeries()
    const out = (who: Person, changes: Record<string, unknown>) => call(who, 'except_series_day', { id: series, day: day(3), reason: '社区庙会', ...changes })

    expect(await out('lead_zhao', { day: day(-1) })).toMatchObject({ code: 'invalid_input' })
    expect(await out('lead_zhao', { day: day(15) })).toMatchObject({ code: 'invalid_input' })
    expect(await out('lead_zhao', { reason: '' })).toMatchObject({ code: 'reason_missing' })
    expect(await out('chief_far', {})).toMatchObject({ code: 'not_found' })
    expect(await out('officer_wang', {})).toMatchObject({ code: 'forbidden' })
  })
})

describe('what the planner compares the reports with', () => {
  it('is each shift that is not called off, with the grids of its route, or those of its community', async () => {
    const [walked, free, off] = [await aShift(), await aShift({ startsIn: 60 }), await aShift({ startsIn: 70 })]
    await world.sql`update public.patrol_shifts set route_id = ${await aRoute()} where id = ${walked}`
    await call('lead_zhao', 'cancel_patrol_shift', { id: off, reason: 'Rain' })
    const all = await world.sql<{ id: string }[]>`select id from public.grids where community_id = ${world.community.pingAn} and is_active order by id`

    const { shifts } = await call('lead_zhao', 'read_patrol_plan', { from: inHours(0), to: inHours(100) }) as unknown as { shifts: { grids: string[] }[] }

    expect(shifts.map(({ grids }) => grids)).toEqual([[world.grid.pingAn], all.map(({ id }) => id)])
    expect((await call('officer_li', 'read_patrol_plan', { from: inHours(0), to: inHours(100) })).shifts, 'their communities').toEqual([])
    expect(await call('auditor_wu', 'read_patrol_plan', { from: inHours(0), to: inHours(100) })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('lead_zhao', 'read_patrol_plan', { from: inHours(0), to: inHours(24 * 63) })).toEqual({ ok: false, code: 'invalid_input' })
    expect(free).toBeTruthy()
  })

  it('is how many active patrollers have time, not trainees, not those who are paused', async () => {
    for (const changes of [{}, {}, { state: 'enrolled' }, { kinds: ['mediator'] }]) await enrolled(undefined, changes)
    const paused = await enrolled()
    await world.sql`update public.volunteers set availability = '{"6": ["evening", "night"]}' where station_id = ${world.station.home}`
    await world.sql`update public.volunteers set locked_at = now() where id = ${paused}`

    expect((await call('lead_zhao', 'read_patrol_plan', { from: inHours(0), to: inHours(1) })).available).toEqual([{ weekday: 6, part: 'evening', count: 2 }, { weekday: 6, part: 'night', count: 2 }])
  })
})

describe('the figures of some days', () => {
  it('say what was held, what was called off and why, who came in number, and what was found and closed', async () => {
    const [amina, bo] = [await enrolled(), await enrolled()]
    const shifts = await Promise.all([10, 20, 30, 40, 50].map(startsIn => aShift({ startsIn })))
    const [held, missed, few, off, ahead] = shifts as [string, string, string, string, string]
    for (const shift of [held, missed]) for (const volunteer of [amina, bo]) await signUp(volunteer, shift)
    for (const [index, shift] of [held, missed, few, off, ahead].entries()) await world.sql`update public.patrol_shifts s set period = tstzrange(${`${day(-6 + index)}T20:00:00+08:00`}, ${`${day(-6 + index)}T22:00:00+08:00`}) where s.id = ${shift}`
    await world.sql`update public.shift_places set attended_at = lower(period) where shift_id = ${held}`
    await world.sql`update public.shift_places set state = 'no_show' where shift_id = ${missed}`
    await world.sql`insert into private.patrol_hours (place_id, volunteer_id, worked, minutes, night_minutes, credit_minutes, night, rate, counted_at)
      select id, volunteer_id, period, case when volunteer_id = ${amina} then 120 else 90 end, 0, 120, '{}', 0, now() from public.shift_places where shift_id = ${held}`
    await world.sql`update public.patrol_shifts set state = 'ended' where id in ${world.sql([held, missed])}`
    await world.sql`update public.patrol_shifts set state = 'cancelled', cancelled_reason = case when id = ${few} then 'too_few' else 'Rain' end where id in ${world.sql([few, off])}`
    const finding = async (received: number, changes: Record<string, unknown> = {}) => {
      const { id } = await aReport(world, { category: 'test_noise' })
      const at = `${day(received)}T12:00:00+08:00`
      await world.sql`update public.reports set channel = 'patrol', received_at = ${at} where id = ${id}`
      await world.sql`update public.reports set status = 'triaged', accepted_at = ${at} where id = ${id}`
      if (Object.keys(changes).length) await world.sql`update public.reports set ${world.sql(changes)} where id = ${id}`
    }
    await finding(-5)
    await finding(-9, { status: 'resolved', closed_at: `${day(-4)}T12:00:00+08:00` })
    await finding(-9)

    expect(await call('lead_zhao', 'count_patrol_period', { from: day(-6), until: day(-2) })).toEqual({
      ok: true, planned: 5, held: 1, called_off_few: 1, called_off: 1, not_held: 1, people: 2, attendances: 2, missed: 2, minutes: 210, night_minutes: 0, findings: 1, findings_closed: 1,
    })
    expect(await call('lead_zhao', 'count_patrol_period', { from: day(-6), until: day(-6) })).toMatchObject({ planned: 1, held: 1, findings: 0, findings_closed: 0 })
  })

  it('are for whoever plans, of two months at most', async () => {
    for (const who of ['officer_wang', 'auditor_wu', 'amina_resident'] as const) expect(await call(who, 'count_patrol_period', { from: day(-6), until: day(-1) })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('lead_zhao', 'count_patrol_period', { from: day(-62), until: day(0) })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await call('chief_far', 'count_patrol_period', { from: day(-6), until: day(-1) })).toMatchObject({ planned: 0 })
  })
})
