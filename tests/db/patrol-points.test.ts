import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { patrolActs } from './patrols-builder.ts'
import { type Answer, type Submission, aHash, aNamedReport, aReport, answerOf } from './reports-builder.ts'
import { type Resident, type World, buildWorld } from './world.ts'

let world: World
const { call, enrolled, aShift, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
beforeEach(async () => {
  await clear()
  await world.sql`delete from private.points_budgets where station_id = ${world.station.home}`
  await world.sql`delete from private.points_rates where station_id = ${world.station.home}`
  await world.sql`delete from private.patrol_night_rules where station_id = ${world.station.home}`
})
afterAll(() => world?.close())

const minute = 60_000
/** The day before yesterday on the station's wall (Shanghai), so that a patrol then is over whatever the hour is now. */
const wall = (time: string, daysAgo = 2) => new Date(`${new Date(Date.now() + 8 * 60 * minute - daysAgo * 1440 * minute).toISOString().slice(0, 10)}T${time}:00+08:00`)
const later = (start: Date, minutes: number) => new Date(start.getTime() + minutes * minute)

/** A place on a patrol that was checked in to and is under way, from 14:00 on. */
async function onPatrol(volunteer: string, { from = wall('14:00'), minutes = 120, late = 0 }: { from?: Date, minutes?: number, late?: number } = {}) {
  const { sql } = world
  const shift = await aShift()
  await sql`update public.patrol_shifts set period = tstzrange(${from}, ${later(from, minutes)}) where id = ${shift}`
  const [place] = await sql<{ id: string }[]>`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at, attended_at)
    select s.id, ${volunteer}, s.period, 'confirmed', false, ${from}, ${later(from, late)} from public.patrol_shifts s where s.id = ${shift} returning id`
  await sql`insert into private.check_ins (place_id, how, step, present_at, synced_at) values (${place!.id}, 'code', 1, ${later(from, late)}, ${later(from, late)})`
  return place!.id
}
const goHome = (place: string, at: Date) => world.sql`update private.check_ins set out_at = ${at} where place_id = ${place}`
/** A whole patrol of two hours by day. */
async function patrolled(volunteer: string, minutes = 120, from = wall('14:00')) {
  const place = await onPatrol(volunteer, { from, minutes })
  await goHome(place, later(from, minutes))
  return place
}
const budget = (points: number) => world.sql`insert into private.points_budgets (station_id, month, points, set_at) values (${world.station.home}, '2020-01-01', ${points}, now()) on conflict (station_id, month) do update set points = excluded.points`
/** Enough for this test, whatever this month has seen before. */
async function budgetLeft(points: number) {
  const [{ used }] = await world.sql<[{ used: number }]>`select private.budget_used(${world.station.home}, private.month_at(${world.station.home}, now())) as used`
  await budget(used + points)
}
interface OwnPoints { balance: number, lines: { kind: string, rule: string, points: number, balance: number }[], hours: { place: string, minutes: number, night_minutes: number, credit_minutes: number, may_ask: boolean, corrections: { state: string }[] }[], waiting: { rule: string, points: number }[], honours: { code: string, given_at: string | null }[], totals: { credit_minutes: number } }
const own = async (who: Resident) => await answerOf((await world.as(who)).rpc('get_own_points')) as Answer & OwnPoints
const ask = (who: Resident, place: string, from: Date, to: Date, changes: Submission = {}) => call(who, 'ask_hours_correction', { place, from: from.toISOString(), to: to.toISOString(), why: '走得晚了一些', ...changes })
const earn = async (volunteer: string, rule: string, cause: string, quantity = 1) => (await world.sql<{ points: number }[]>`select private.earn_points(${volunteer}, ${rule}, ${cause}, ${quantity}) as points`)[0]!.points
const ledgerSum = async () => (await world.sql<{ sum: number }[]>`select coalesce(sum(points), 0)::integer as sum from private.points_entries`)[0]!.sum

describe('hours', () => {
  it('are counted at the check-out, within the shift and by the minute; the night counts half as much again', async () => {
    const amina = await enrolled('amina_resident')
    const from = wall('21:00')
    const place = await onPatrol(amina, { from, minutes: 150, late: 10 })
    await goHome(place, later(from, 170))

    const { hours, totals } = await own('amina_resident')

    expect(hours).toMatchObject([{ place, minutes: 140, night_minutes: 90, credit_minutes: 185, may_ask: true }])
    expect(totals).toEqual({ minutes: 140, night_minutes: 90, credit_minutes: 185 })
  })

  it('are none for whoever went home before the beginning, and nobody is kept from going', async () => {
    const amina = await enrolled('amina_resident')
    const from = wall('14:00')
    const place = await onPatrol(amina, { from, late: -20 })
    await goHome(place, later(from, -5))

    expect((await own('amina_resident')).hours).toMatchObject([{ place, minutes: 0, credit_minutes: 0 }])
  })

  it('count by the station\'s own night', async () => {
    expect(await call('chief_qian', 'set_points', { act: 'night', from: '13:00', to: '15:00', credit_percent: 200 })).toEqual({ ok: true })
    const amina = await enrolled('amina_resident')
    await patrolled(amina)

    expect((await own('amina_resident')).hours).toMatchObject([{ minutes: 120, night_minutes: 60, credit_minutes: 180 }])
  })

  it('never count a minute twice, whatever corrections say', async () => {
    const amina = await enrolled('amina_resident')
    const first = await patrolled(amina)
    const second = await onPatrol(amina, { from: wall('16:00') })
    await ask('amina_resident', first, wall('14:00'), wall('16:30'))
    const [correction] = await world.sql<{ id: string }[]>`select id from private.hours_corrections where place_id = ${first}`
    expect(await call('lead_zhao', 'decide_hours_correction', { id: correction!.id, approve: true })).toEqual({ ok: true, state: 'approved' })

    await goHome(second, wall('18:00'))

    expect((await own('amina_resident')).hours.map(({ minutes }) => minutes).sort()).toEqual([150, 90])
    expect(await ask('amina_resident', second, wall('16:00'), wall('18:00'))).toEqual({ ok: false, code: 'shift_overlap' })
  })
})

describe('points', () => {
  it('are earned by the hour and paid at once while the budget lasts', async () => {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    await patrolled(amina, 125)

    const { balance, lines, waiting } = await own('amina_resident')

    expect(balance).toBe(20)
    expect(lines).toMatchObject([{ kind: 'earned', rule: 'patrol', points: 20, balance: 20 }])
    expect(waiting).toEqual([])
    expect(await ledgerSum()).toBe(0)
  })

  it('wait in their order when the budget of the month is spent, and are paid when there is more', async () => {
    await budgetLeft(25)
    const [amina, bo] = [await enrolled('amina_resident'), await enrolled('bo_resident')]
    await patrolled(amina)
    await patrolled(bo)
    await earn(amina, 'finding', crypto.randomUUID())

    expect(await own('amina_resident')).toMatchObject({ balance: 20, waiting: [{ rule: 'finding', points: 5 }] })
    expect(await own('bo_resident'), 'nobody goes before').toMatchObject({ balance: 0, waiting: [{ rule: 'patrol', points: 20 }] })

    await budgetLeft(25)
    await world.sql`select public.advance_points()`

    expect(await own('bo_resident')).toMatchObject({ balance: 20, waiting: [] })
    expect((await own('amina_resident')).lines.map(({ points, balance }) => [points, balance])).toEqual([[5, 25], [20, 20]])
  })

  it('are earned once for each cause', async () => {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    const cause = crypto.randomUUID()

    const earned = await Promise.all(Array.from({ length: 5 }, () => earn(amina, 'finding', cause)))

    expect(earned.sort()).toEqual([0, 0, 0, 0, 5])
    expect((await own('amina_resident')).balance).toBe(5)
  })

  it('are none for paid staff who go along, whose hours count', async () => {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    await world.sql`update public.volunteers set user_id = ${world.person.officer_wang.id} where id = ${amina}`
    await patrolled(amina)

    const answer = await answerOf((await world.as('officer_wang')).rpc('get_own_points'))

    expect(answer).toMatchObject({ ok: true, balance: 0, lines: [], waiting: [], totals: { minutes: 120 } })
  })

  it('that wait go with the account, and so do the words of a correction; what was counted stays without a person', async () => {
    await budget(0)
    const user = await world.backend.createUser()
    const volunteer = await enrolled()
    await world.sql`update public.volunteers set user_id = ${user.id} where id = ${volunteer}`
    const place = await patrolled(volunteer)
    await world.sql`insert into private.hours_corrections (place_id, volunteer_id, asked, why, asked_at) values (${place}, ${volunteer}, tstzrange(now() - interval '1 hour', now()), '我晚走了', now())`

    await world.sql`insert into private.account_erasures (user_id, asked_at) values (${user.id}, now())`

    expect(await world.sql`select points from private.points_claims where volunteer_id = ${volunteer}`).toEqual([{ points: 0 }])
    expect(await world.sql`select why from private.hours_corrections where volunteer_id = ${volunteer}`).toEqual([{ why: null }])
    expect(await world.sql`select minutes from private.patrol_hours where volunteer_id = ${volunteer}`).toEqual([{ minutes: 120 }])
  })

  it.each(['roster', 'points'])('of an account that is being erased are locked after the %s of the station, so that a check-out and an erasure never wait for one another', async (lock) => {
    await budget(0)
    const user = await world.backend.createUser()
    const volunteer = await enrolled()
    await world.sql`update public.volunteers set user_id = ${user.id} where id = ${volunteer}`
    await patrolled(volunteer)
    let erased: Promise<unknown> | undefined
    await world.sql.begin(async (sql) => {
      await sql`select ${sql.unsafe(`private.lock_${lock}`)}(${world.station.home})`
      erased = world.sql`insert into private.account_erasures (user_id, asked_at) values (${user.id}, now())`.execute()
      await new Promise(resolve => setTimeout(resolve, 400))

      // What pay_claims does for whoever checks out meanwhile.
      expect(await sql`select points from private.points_claims where volunteer_id = ${volunteer} for update nowait`).toEqual([{ points: 20 }])
    })
    await erased
    expect(await world.sql`select points from private.points_claims where volunteer_id = ${volunteer}`).toEqual([{ points: 0 }])
  })

  it('cannot be written so that they do not sum to zero, fall below zero or pass the budget, by any path', async () => {
    await budgetLeft(10)
    const { sql, station } = world
    const amina = await enrolled('amina_resident')
    const booked = (entries: [string, number][]) => sql.begin(async (tx) => {
      const [row] = await tx<{ id: string }[]>`insert into private.points_transactions (station_id, at, kind) values (${station.home}, now(), 'earned') returning id`
      for (const [kind, points] of entries) await tx`insert into private.points_entries (transaction_id, account_id, points) values (${row!.id}, private.points_account(${station.home}, ${kind}, ${kind === 'volunteer' ? amina : null}), ${points})`
    })

    await expect(booked([])).rejects.toThrow('sum to zero')
    await expect(booked([['budget', -5]])).rejects.toThrow('sum to zero')
    await expect(booked([['budget', -5], ['volunteer', 4]])).rejects.toThrow('sum to zero')
    await expect(booked([['budget', -11], ['volunteer', 11]])).rejects.toThrow('budget of the month')
    await expect(booked([['volunteer', -1], ['rewards', 1]])).rejects.toThrow('fewer points than none')
    await expect(booked([['budget', -10], ['volunteer', 10]])).resolves.toBeUndefined()
    await expect(sql`update private.points_entries set points = 100`).rejects.toThrow()
    await expect(sql`delete from private.points_transactions`).rejects.toThrow()
  })
})

describe('a correction', () => {
  it('counts nothing for somebody who was marked as not having come meanwhile', async () => {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    const place = await onPatrol(amina)
    const { sql } = world
    await sql`delete from private.check_ins where place_id = ${place}`
    await sql`update public.shift_places set attended_at = null where id = ${place}`
    const { id } = await ask('amina_resident', place, wall('14:00'), wall('16:00'))
    expect(await call('officer_wang', 'mark_no_show', { place })).toMatchObject({ ok: true })

    expect(await call('lead_zhao', 'decide_hours_correction', { id, approve: true })).toEqual({ ok: false, code: 'status_order' })
    expect(await own('amina_resident')).toMatchObject({ balance: 0, totals: { credit_minutes: 0 } })
    expect(await call('lead_zhao', 'decide_hours_correction', { id, approve: false, note: '没有到场' })).toEqual({ ok: true, state: 'refused' })
  })

  async function asked(minutes = 150) {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    const place = await patrolled(amina)
    const { id } = await ask('amina_resident', place, wall('14:00'), later(wall('14:00'), minutes))
    return { amina, place, id: id as string }
  }

  it('is decided by lead or chief, and hours and points follow by the difference', async () => {
    const { id } = await asked()
    expect(await call('officer_wang', 'decide_hours_correction', { id, approve: true })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('amina_resident', 'decide_hours_correction', { id, approve: true })).toEqual({ ok: false, code: 'not_found' })

    expect(await call('lead_zhao', 'decide_hours_correction', { id, approve: true })).toEqual({ ok: true, state: 'approved' })

    expect(await own('amina_resident')).toMatchObject({ balance: 25, hours: [{ minutes: 150, corrections: [{ state: 'approved' }] }] })
    expect(await call('lead_zhao', 'decide_hours_correction', { id, approve: true })).toEqual({ ok: false, code: 'status_order' })
  })

  it('is never decided by the volunteer themselves', async () => {
    const { amina, id } = await asked()
    await world.sql`update public.volunteers set user_id = ${world.person.lead_zhao.id} where id = ${amina}`

    expect(await call('lead_zhao', 'decide_hours_correction', { id, approve: true })).toEqual({ ok: false, code: 'not_for_oneself' })
    expect(await call('chief_qian', 'decide_hours_correction', { id, approve: true })).toMatchObject({ ok: true })
  })

  it('is refused with a reason, which the volunteer reads; nothing changes', async () => {
    const { id } = await asked()

    expect(await call('lead_zhao', 'decide_hours_correction', { id, approve: false })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await call('lead_zhao', 'decide_hours_correction', { id, approve: false, note: '路线上没有人' })).toEqual({ ok: true, state: 'refused' })

    expect(await own('amina_resident')).toMatchObject({ balance: 20, hours: [{ minutes: 120, corrections: [{ state: 'refused', note: '路线上没有人' }] }] })
  })

  it('takes points back, but nobody falls below zero', async () => {
    const { amina, id } = await asked(30)
    const spend = await world.sql<{ answer: Answer }[]>`select private.post_points(${world.station.home}, 'ordered', ${world.sql.json([{ account: 'volunteer', volunteer: amina, points: -12 }, { account: 'rewards', points: 12 }])}) as answer`
    expect(spend[0]!.answer.ok).toBe(true)

    await call('lead_zhao', 'decide_hours_correction', { id, approve: true })

    const { balance, lines, hours } = await own('amina_resident')
    expect(hours).toMatchObject([{ minutes: 30 }])
    expect(balance).toBe(0)
    expect(lines.map(({ kind, points }) => [kind, points])).toEqual([['corrected', -8], ['ordered', -12], ['earned', 20]])
    expect(await ledgerSum()).toBe(0)
  })

  it('takes from what waits first', async () => {
    await budget(0)
    const amina = await enrolled('amina_resident')
    const place = await patrolled(amina)
    const { id } = await ask('amina_resident', place, wall('14:00'), wall('15:00'))
    await call('lead_zhao', 'decide_hours_correction', { id, approve: true })

    expect(await own('amina_resident')).toMatchObject({ balance: 0, lines: [], waiting: [{ points: 10 }] })
  })

  it('is asked for within 14 days, of a patrol of one\'s own that is over, once at a time', async () => {
    const amina = await enrolled('amina_resident')
    await enrolled('bo_resident')
    const [old, place] = [await patrolled(amina, 120, wall('14:00', 16)), await patrolled(amina)]
    const coming = await onPatrol(amina, { from: later(new Date(), -30), minutes: 120 })

    expect(await ask('amina_resident', old, wall('14:00', 16), wall('15:00', 16))).toEqual({ ok: false, code: 'correction_late' })
    expect(await ask('amina_resident', coming, later(new Date(), -30), later(new Date(), -1))).toEqual({ ok: false, code: 'status_order' })
    expect(await ask('bo_resident', place, wall('14:00'), wall('15:00'))).toEqual({ ok: false, code: 'not_found' })
    expect(await ask('amina_resident', place, wall('14:00'), wall('15:00'), { why: '' })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await ask('amina_resident', place, wall('03:00'), wall('15:00'))).toEqual({ ok: false, code: 'invalid_input' })
    expect(await ask('amina_resident', place, wall('15:00'), wall('14:00'))).toEqual({ ok: false, code: 'invalid_input' })
    const twice = await Promise.all([1, 2].map(() => ask('amina_resident', place, wall('14:00'), wall('15:00'))))
    expect(twice.map(({ code }) => code ?? 'ok').sort()).toEqual(['conflict', 'ok'])
  })

  it('counts also whose check-in was forgotten', async () => {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    const place = await onPatrol(amina)
    await world.sql`delete from private.check_ins where place_id = ${place}`
    await world.sql`update public.shift_places set attended_at = null where id = ${place}`
    const { id } = await ask('amina_resident', place, wall('14:00'), wall('16:00'))

    await call('lead_zhao', 'decide_hours_correction', { id, approve: true })

    expect(await own('amina_resident')).toMatchObject({ balance: 20, hours: [{ minutes: 120 }] })
    expect(await world.sql`select attended_at from public.shift_places where id = ${place}`).toEqual([{ attended_at: wall('14:00') }])
  })
})

describe('the station', () => {
  it('gives what its chief sets, never less than it gave already, and it is logged', async () => {
    const used = (await answerOf((await world.as('chief_qian')).rpc('list_desk_points'))).used as number
    for (const who of ['lead_zhao', 'officer_wang', 'amina_resident'] as const) expect(await call(who, 'set_points', { act: 'budget', points: 10 })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('chief_qian', 'set_points', { act: 'budget', points: used + 20 })).toEqual({ ok: true })
    const amina = await enrolled('amina_resident')
    await patrolled(amina)

    expect(await call('chief_qian', 'set_points', { act: 'budget', points: used + 19 })).toEqual({ ok: false, code: 'conflict' })
    expect(await answerOf((await world.as('lead_zhao')).rpc('list_desk_points'))).toMatchObject({ ok: true, may_decide: true, may_set: false, budget: used + 20, used: used + 20, waiting: { count: 0, points: 0 } })
    expect(await world.sql`select action, details ->> 'points_act' as act from public.audit_log where actor_id = ${world.person.chief_qian.id} order by id desc limit 1`).toEqual([{ action: 'points.set', act: 'budget' }])
  })

  it('sets what a rule earns, for what is earned from then on', async () => {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    const place = await patrolled(amina)
    expect(await call('chief_qian', 'set_points', { act: 'rate', rule: 'patrol', points: 30 })).toEqual({ ok: true })
    const { id } = await ask('amina_resident', place, wall('14:00'), wall('17:00'))
    await call('lead_zhao', 'decide_hours_correction', { id, approve: true })

    expect((await own('amina_resident')).balance, 'the first counting\'s rate').toBe(30)
    await patrolled(amina, 60, wall('09:00'))
    expect((await own('amina_resident')).balance).toBe(60)
    for (const wrong of [{ act: 'rate', rule: 'none', points: 1 }, { act: 'budget', points: -1 }, { act: 'night', from: '25:00', to: '06:00', credit_percent: 150 }, { act: 'night', from: '22:00', to: '06:00', credit_percent: 50 }, {}]) expect(await call('chief_qian', 'set_points', wrong)).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('notes a training once a day and a tip that helped once', async () => {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    const day = wall('12:00').toISOString().slice(0, 10)
    for (let time = 0; time < 2; time++) expect(await call('lead_zhao', 'grant_points', { rule: 'training', volunteer: amina, day })).toEqual({ ok: true })

    expect((await own('amina_resident')).lines).toMatchObject([{ rule: 'training', points: 20 }])
    expect(await call('officer_wang', 'grant_points', { rule: 'training', volunteer: amina, day })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('lead_zhao', 'grant_points', { rule: 'training', volunteer: amina, day: '2020-01-01' })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await call('lead_zhao', 'grant_points', { rule: 'tip_helped', reference: 'LL-0000-0000' })).toEqual({ ok: false, code: 'not_found' })
  })

  it('lets a finding that became a report earn points for whoever wrote the patrol\'s report', async () => {
    await budgetLeft(1000)
    const amina = await enrolled('amina_resident')
    const [shift, found] = [await aShift(), await aReport(world)]
    await world.sql`insert into private.patrol_reports (shift_id, filed_at, filed_by_volunteer, key_hash, body_hash, route_walked, findings) values (${shift}, now(), ${amina}, ${aHash()}, ${aHash()}, 'yes', 1)`
    await world.sql`insert into private.patrol_findings (shift_id, position, report_id) values (${shift}, 1, ${found.id})`

    expect((await own('amina_resident')).lines).toMatchObject([{ rule: 'finding', points: 5 }])
  })

  it('answers the same for a tip of a volunteer and of anybody else; the volunteer\'s earns, once', async () => {
    await budgetLeft(1000)
    await enrolled('amina_resident')
    const [hers, his] = [await aNamedReport(world, 'amina_resident'), await aReport(world)]
    const helped = (reference: string) => call('lead_zhao', 'grant_points', { rule: 'tip_helped', reference })
    expect(await helped(hers.reference), 'not closed yet').toEqual({ ok: false, code: 'not_found' })
    await world.sql`update public.reports set status = 'closed', closed_reason = 'no_further_action', accepted_at = now(), closed_at = now() where id in (${hers.id}, ${his.id})`

    for (const report of [hers, his, hers]) expect(await helped(report.reference)).toEqual({ ok: true })

    expect((await own('amina_resident')).lines).toMatchObject([{ rule: 'tip_helped', points: 50 }])
    expect(await call('chief_far', 'grant_points', { rule: 'tip_helped', reference: hers.reference })).toEqual({ ok: false, code: 'not_found' })
  })

  it('gives honours for credited hours, once', async () => {
    const amina = await enrolled('amina_resident')
    await patrolled(amina, 600, wall('08:00'))
    const give = async () => (await world.sql<{ given: number }[]>`select private.give_honours(${world.station.home}) as given`)[0]!.given

    expect(await give()).toBe(1)
    expect(await give()).toBe(0)
    expect((await own('amina_resident')).honours.map(({ code, given_at: at }) => [code, at !== null])).toEqual([['hours_ten', true], ['hours_fifty', false], ['hours_hundred', false], ['hours_three_hundred', false]])
  })

  it('of others reads and decides nothing here', async () => {
    await budgetLeft(100)
    const amina = await enrolled('amina_resident')
    const { id } = await ask('amina_resident', await patrolled(amina), wall('14:00'), wall('15:00'))

    expect(await call('chief_far', 'decide_hours_correction', { id: id as string, approve: true })).toEqual({ ok: false, code: 'not_found' })
    expect(await answerOf((await world.as('chief_far')).rpc('list_desk_points'))).toMatchObject({ ok: true, corrections: [] })
  })
})
