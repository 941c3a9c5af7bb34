import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inHours, patrolActs } from './patrols-builder.ts'
import { type Submission, answerOf, sealed } from './reports-builder.ts'
import { type Person, type Resident, type World, buildWorld } from './world.ts'

let world: World
const { call, enrolled, aShift, signUp, moveTo, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
beforeEach(() => clear())
afterAll(() => world?.close())

const minutes = (count: number) => count / 60
/** As the portal calls, with the secret key. */
const server = async (who: Person, name: string, changes: Submission) => answerOf(world.server.rpc(name, { p: { ...await world.actor(who), ...changes } }))
const open = (who: Person, shift: string, secret = 'the secret') => server(who, 'open_roll_call', { shift, secret_sealed: sealed(secret) })
const checkIn = (who: Person, shift: string, step?: number) => server(who, 'check_in', { shift, step })
const lead = (who: Person, act: string, shift: string, changes: Submission = {}) => call(who, 'lead_patrol', { act, shift, ...changes })
const stepAgo = (seconds: number) => Math.floor((Date.now() / 1000 - seconds) / 30)
const endRollCalls = async () => (await world.sql<{ missed: number }[]>`select private.end_roll_calls(${world.station.home}) as missed`)[0]!.missed
const placeOf = async (shift: string, volunteer: string) => (await world.sql<{ id: string, state: string, attended_at: Date | null }[]>`select id, state, attended_at from public.shift_places where shift_id = ${shift} and volunteer_id = ${volunteer}`)[0]!
const shiftState = async (shift: string) => (await world.sql<{ state: string }[]>`select state from public.patrol_shifts where id = ${shift}`)[0]!.state
const actsOf = async (shift: string) => (await world.sql<{ action: string }[]>`select action from public.audit_log where noun_id = ${shift} order by id`).map(({ action }) => action)

/** A shift that begins in so many minutes, with Amina and Bo on it. */
async function aNight({ startsIn = 5 }: { startsIn?: number } = {}) {
  const shift = await aShift()
  const [amina, bo] = [await enrolled('amina_resident'), await enrolled('bo_resident')]
  for (const volunteer of [amina, bo]) await signUp(volunteer, shift)
  await moveTo(shift, minutes(startsIn))
  return { shift, amina, bo }
}

describe('opening the roll call', () => {
  it('is the lead\'s, from half an hour before the start to a quarter of an hour after it', async () => {
    const { shift } = await aNight({ startsIn: 31 })
    expect(await open('lead_zhao', shift)).toEqual({ ok: false, code: 'status_order' })
    await moveTo(shift, minutes(29))
    expect(await open('lead_zhao', shift)).toMatchObject({ ok: true, secret_sealed: sealed('the secret') })
    await moveTo(shift, minutes(-16))
    expect(await open('lead_zhao', shift)).toEqual({ ok: false, code: 'status_order' })
  })

  it('keeps the first secret, also when two phones open it at once', async () => {
    const { shift } = await aNight()

    const [one, other] = await Promise.all([open('lead_zhao', shift, 'one'), open('lead_zhao', shift, 'other')])

    expect(one!.secret_sealed).toBe(other!.secret_sealed)
    expect((await actsOf(shift)).filter(action => action === 'shift.roll_call_opened')).toHaveLength(1)
  })

  it('is not for volunteers who do not lead it, nor for staff of another station', async () => {
    const { shift } = await aNight()

    expect(await open('amina_resident', shift)).toEqual({ ok: false, code: 'not_found' })
    await world.sql`update public.patrol_shifts set station_id = ${world.station.far}, community_id = ${world.community.far} where id = ${shift}`
    expect(await open('lead_zhao', shift)).toEqual({ ok: false, code: 'not_found' })
    await world.sql`update public.patrol_shifts set station_id = ${world.station.home}, community_id = ${world.community.pingAn} where id = ${shift}`
  })

  it.each(['suspend', 'leave'])('is open to the officer of the community again when the volunteer who was named is gone (%s)', async (act) => {
    const { shift, amina } = await aNight({ startsIn: 25 })
    await world.sql`update public.patrol_shifts set lead_volunteer_id = ${amina} where id = ${shift}`
    expect(await open('officer_wang', shift)).toEqual({ ok: false, code: 'not_found' })

    if (act === 'suspend') await call('lead_zhao', 'decide_volunteer', { id: amina, act, note: '调查期间暂停' })
    else await call('amina_resident', 'change_own_volunteering', { act })

    expect(await open('amina_resident', shift)).toEqual({ ok: false, code: 'not_found' })
    expect(await open('officer_wang', shift)).toMatchObject({ ok: true })
  })

  it('is no longer for a colleague who was named as its lead and has become auditor or admin (RULES A5)', async () => {
    const { shift } = await aNight()
    for (const who of ['auditor_wu', 'admin_zheng'] as const) {
      await world.sql`update public.patrol_shifts set lead_staff_id = ${world.person[who].id} where id = ${shift}`

      expect(await open(who, shift), who).toEqual({ ok: false, code: 'not_found' })
      expect(await server(who, 'open_patrol_round', { shift }), who).toEqual({ ok: false, code: 'not_found' })
    }
  })

  it('shows the names to whoever opened it until a day after the end, and while somebody is still out', async () => {
    const { shift, amina, bo } = await aNight()
    await world.sql`insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (${bo}, ${sealed('the name of Bo')})`
    await world.sql`update public.patrol_shifts set lead_volunteer_id = ${amina} where id = ${shift}`
    await open('amina_resident', shift)
    for (const who of ['amina_resident', 'bo_resident'] satisfies Resident[]) await checkIn(who, shift, stepAgo(0))
    const isNamed = async () => JSON.stringify((await server('amina_resident', 'read_night', { shift })).people).includes(sealed('the name of Bo'))
    expect(await isNamed()).toBe(true)
    await lead('amina_resident', 'start', shift)
    await moveTo(shift, -48)
    expect(await isNamed()).toBe(true)

    await world.sql`update public.patrol_shifts set state = 'ended' where id = ${shift}`

    expect(await isNamed()).toBe(false)
    expect((await server('amina_resident', 'read_night', { shift })).people).toHaveLength(2)
  })

  it('is for the volunteer who is named as its lead', async () => {
    const { shift, amina } = await aNight()
    await world.sql`update public.patrol_shifts set lead_volunteer_id = ${amina} where id = ${shift}`

    expect(await open('amina_resident', shift)).toMatchObject({ ok: true })
    expect(await open('bo_resident', shift)).toEqual({ ok: false, code: 'not_found' })
  })
})

describe('checking in', () => {
  it('gives the secret to those with a place and to nobody else', async () => {
    const { shift, bo } = await aNight()
    expect(await server('amina_resident', 'read_roll_call', { shift })).toEqual({ ok: false, code: 'not_found' })
    await open('lead_zhao', shift)
    await world.sql`update public.shift_places set state = 'left' where shift_id = ${shift} and volunteer_id = ${bo}`

    expect(await server('amina_resident', 'read_roll_call', { shift })).toMatchObject({ ok: true, secret_sealed: sealed('the secret') })
    expect(await server('bo_resident', 'read_roll_call', { shift })).toEqual({ ok: false, code: 'not_found' })
    expect(await checkIn('bo_resident', shift, stepAgo(0))).toEqual({ ok: false, code: 'not_found' })
  })

  it('is for a guest never', async () => {
    const { shift } = await aNight()
    await open('lead_zhao', shift)

    expect(await answerOf(world.server.rpc('check_in', { p: { shift, step: stepAgo(0) } }))).toEqual({ ok: false, code: 'sign_in_required' })
  })

  it.each([
    { entered: 'now', seconds: 0, how: 'code' },
    { entered: 'without network nine minutes ago', seconds: 540, how: 'offline' },
  ])('counts a code entered $entered from its step on', async ({ seconds, how }) => {
    const { shift, amina } = await aNight()
    await open('lead_zhao', shift)
    const step = stepAgo(seconds)

    const answer = await checkIn('amina_resident', shift, step)

    expect(answer).toMatchObject({ ok: true, how })
    expect((await placeOf(shift, amina)).attended_at?.getTime()).toBe(step * 30_000)
  })

  it('is done once: the same step again says the same, another one is refused', async () => {
    const { shift } = await aNight()
    await open('lead_zhao', shift)
    const step = stepAgo(200)

    const answers = await Promise.all(Array.from({ length: 5 }, () => checkIn('amina_resident', shift, step)))

    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect(answers[0]).toMatchObject({ ok: true, how: 'offline' })
    expect(await checkIn('amina_resident', shift, step + 1)).toEqual({ ok: false, code: 'already_checked_in' })
    expect((await actsOf(shift)).filter(action => action === 'shift.checked_in')).toHaveLength(1)
  })

  it.each([
    { because: 'eleven minutes old', startsIn: 5, seconds: 660 },
    { because: 'of two minutes to come', startsIn: 5, seconds: -120 },
    { because: 'from before the roll call', startsIn: 29, seconds: 180 },
    { because: 'from after the roll call', startsIn: -17, seconds: 0 },
  ])('refuses a code that is $because', async ({ startsIn, seconds }) => {
    const { shift } = await aNight()
    await open('lead_zhao', shift)
    await moveTo(shift, minutes(startsIn))

    expect(await checkIn('amina_resident', shift, stepAgo(seconds))).toEqual({ ok: false, code: 'roll_call_code' })
  })

  it('ends after five wrong codes, also when twenty come at once, and for this person only', async () => {
    const { shift } = await aNight()
    await open('lead_zhao', shift)

    const codes = (await Promise.all(Array.from({ length: 20 }, () => checkIn('amina_resident', shift)))).map(({ code }) => code)

    expect(codes.filter(code => code === 'roll_call_code')).toHaveLength(5)
    expect(codes.filter(code => code === 'roll_call_tries')).toHaveLength(15)
    expect(await checkIn('amina_resident', shift, stepAgo(0))).toEqual({ ok: false, code: 'roll_call_tries' })
    expect(await server('amina_resident', 'read_roll_call', { shift })).toEqual({ ok: false, code: 'roll_call_tries' })
    expect(await checkIn('bo_resident', shift, stepAgo(0))).toMatchObject({ ok: true })
  })

  it('by the lead keeps no reason once the account is erased', async () => {
    const { shift, amina } = await aNight()
    const user = await world.backend.createUser()
    await world.sql`update public.volunteers set user_id = ${user.id} where id = ${amina}`
    await open('lead_zhao', shift)
    const { id: place } = await placeOf(shift, amina)
    expect(await lead('lead_zhao', 'check_in', shift, { place, reason: 'Amina has no phone with her.' })).toEqual({ ok: true })

    await world.sql`insert into private.account_erasures (user_id, asked_at) values (${user.id}, now())`

    expect(await world.sql`select how, reason from private.check_ins where place_id = ${place}`).toEqual([{ how: 'lead', reason: null }])
  })

  it('is for nobody who was suspended or left after the hour of the start, neither by code nor by the lead', async () => {
    const { shift, amina, bo } = await aNight({ startsIn: -1 })
    await open('lead_zhao', shift)
    expect(await call('lead_zhao', 'decide_volunteer', { id: amina, act: 'suspend', note: '调查期间暂停' })).toMatchObject({ ok: true })
    expect(await call('bo_resident', 'change_own_volunteering', { act: 'leave' })).toMatchObject({ ok: true })

    for (const who of ['amina_resident', 'bo_resident'] satisfies Resident[]) expect(await checkIn(who, shift, stepAgo(0)), who).toEqual({ ok: false, code: 'not_found' })
    for (const volunteer of [amina, bo]) expect(await lead('lead_zhao', 'check_in', shift, { place: (await placeOf(shift, volunteer)).id, reason: '手机没电' })).toEqual({ ok: false, code: 'not_found' })
  })

  it('is done by the lead with a reason, for others', async () => {
    const { shift, amina, bo } = await aNight()
    await world.sql`update public.patrol_shifts set lead_volunteer_id = ${amina} where id = ${shift}`
    await open('amina_resident', shift)
    const [own, place] = [(await placeOf(shift, amina)).id, (await placeOf(shift, bo)).id]

    expect(await lead('amina_resident', 'check_in', shift, { place: own, reason: '手机没电' })).toEqual({ ok: false, code: 'not_for_oneself' })
    expect(await lead('amina_resident', 'check_in', shift, { place })).toEqual({ ok: false, code: 'reason_missing' })
    expect(await lead('bo_resident', 'check_in', shift, { place, reason: '手机没电' })).toEqual({ ok: false, code: 'not_found' })
    expect(await lead('amina_resident', 'check_in', shift, { place, reason: '手机没电' })).toEqual({ ok: true })
    expect(await lead('amina_resident', 'check_in', shift, { place, reason: '手机没电' })).toEqual({ ok: false, code: 'conflict' })
    expect(await actsOf(shift)).toContain('shift.check_in_forced')
  })

  it('of a cancelled patrol leaves nobody counted as there', async () => {
    const { shift, amina } = await aNight()
    await open('lead_zhao', shift)
    await checkIn('amina_resident', shift, stepAgo(0))

    expect(await call('lead_zhao', 'cancel_patrol_shift', { id: shift, reason: '下大雨' })).toMatchObject({ ok: true })

    expect(await placeOf(shift, amina)).toMatchObject({ state: 'cancelled', attended_at: null })
  })

  it('keeps the place: it is handed to nobody afterwards', async () => {
    const { shift, amina } = await aNight()
    const asked = await call('amina_resident', 'change_own_place', { act: 'ask_swap', shift })
    await open('lead_zhao', shift)
    await checkIn('amina_resident', shift, stepAgo(0))

    expect(await world.sql`select state from public.shift_swaps where id = ${asked.swap as string}`).toEqual([{ state: 'expired' }])
    await expect(world.sql`insert into public.shift_swaps (place_id, asked_at) values (${(await placeOf(shift, amina)).id}, now())`).rejects.toThrow('whoever checked in')
  })
})

describe('the patrol', () => {
  it('starts with two who have checked in, whatever path is taken', async () => {
    const { shift } = await aNight()
    await open('lead_zhao', shift)
    await checkIn('amina_resident', shift, stepAgo(0))
    expect(await lead('lead_zhao', 'start', shift)).toEqual({ ok: false, code: 'status_order' })
    await expect(world.sql`update public.patrol_shifts set state = 'under_way' where id = ${shift}`).rejects.toThrow('two who have checked in')

    await checkIn('bo_resident', shift, stepAgo(0))

    expect(await lead('lead_zhao', 'start', shift)).toEqual({ ok: true })
    expect(await shiftState(shift)).toBe('under_way')
    expect(await lead('lead_zhao', 'start', shift)).toEqual({ ok: false, code: 'status_order' })
  })

  it('is over when the last one has checked out, by themselves or by the lead', async () => {
    const { shift, bo } = await aNight()
    await open('lead_zhao', shift)
    for (const who of ['amina_resident', 'bo_resident'] satisfies Resident[]) await checkIn(who, shift, stepAgo(0))
    expect(await call('amina_resident', 'check_out', { shift })).toEqual({ ok: false, code: 'status_order' })
    await lead('lead_zhao', 'start', shift)

    expect(await call('amina_resident', 'check_out', { shift })).toEqual({ ok: true, has_ended: false })
    expect(await call('amina_resident', 'check_out', { shift })).toEqual({ ok: false, code: 'status_order' })
    expect(await lead('lead_zhao', 'check_out', shift, { place: (await placeOf(shift, bo)).id })).toEqual({ ok: true, has_ended: true })
    expect(await shiftState(shift)).toBe('ended')
    expect((await actsOf(shift)).slice(-4)).toEqual(['shift.started', 'shift.checked_out', 'shift.checked_out', 'shift.ended'])
  })

  it('marks those who did not come when no code can arrive any more, and forgets the secret', async () => {
    const { shift, amina, bo } = await aNight()
    await open('lead_zhao', shift)
    await checkIn('amina_resident', shift, stepAgo(0))
    await moveTo(shift, minutes(-24))
    expect(await endRollCalls()).toBe(0)
    await moveTo(shift, minutes(-26))

    expect(await endRollCalls()).toBe(1)
    expect(await endRollCalls()).toBe(0)

    expect(await placeOf(shift, amina)).toMatchObject({ state: 'confirmed' })
    expect(await placeOf(shift, bo)).toMatchObject({ state: 'no_show' })
    expect(await world.sql`select secret_sealed from private.patrol_nights where shift_id = ${shift}`).toEqual([{ secret_sealed: null }])
    expect(await checkIn('bo_resident', shift, stepAgo(0))).toEqual({ ok: false, code: 'not_found' })
  })

  it('keeps whoever is out on it until they are home, also when they leave the roster before the hour at which it was to begin', async () => {
    const { shift, amina } = await aNight({ startsIn: 20 })
    await open('lead_zhao', shift)
    for (const who of ['amina_resident', 'bo_resident'] satisfies Resident[]) await checkIn(who, shift, stepAgo(0))
    await lead('lead_zhao', 'start', shift)

    expect(await call('amina_resident', 'change_own_volunteering', { act: 'leave' })).toEqual({ ok: true, state: 'left' })

    expect(await placeOf(shift, amina)).toMatchObject({ state: 'confirmed' })
    expect(await call('bo_resident', 'check_out', { shift })).toEqual({ ok: true, has_ended: false })
    expect(await call('amina_resident', 'check_out', { shift })).toEqual({ ok: true, has_ended: true })
  })

  it('is moved to no other time once somebody has checked in: nobody is checked in for an hour that is to come (RULES I1)', async () => {
    const { shift } = await aNight()
    await open('lead_zhao', shift)
    await checkIn('amina_resident', shift, stepAgo(0))
    const [{ starts_at: startsAt, ends_at: endsAt }] = await world.sql<[{ starts_at: Date, ends_at: Date }]>`select lower(period) as starts_at, upper(period) as ends_at from public.patrol_shifts where id = ${shift}`
    const changed = (from: string, to: string) => call('lead_zhao', 'save_patrol_shift', { id: shift, sequence: 0, community: world.community.pingAn, type: 'on_foot', starts_at: from, ends_at: to, needed: 2, maximum: 4 })

    expect(await changed(inHours(24), inHours(26))).toEqual({ ok: false, code: 'shift_closed' })
    expect(await changed(startsAt.toISOString(), endsAt.toISOString())).toMatchObject({ ok: true })
  })

  it('marks nobody where no roll call was opened', async () => {
    const { shift, bo } = await aNight()
    await moveTo(shift, minutes(-26))

    expect(await endRollCalls()).toBe(0)
    expect(await placeOf(shift, bo)).toMatchObject({ state: 'confirmed' })
  })
})
