import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { patrolActs } from './patrols-builder.ts'
import { answerOf } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
const { call, own, enrolled, aShift, signUp, moveTo, advance, placesOf, stateOf, mailsOf, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
beforeEach(() => clear())
afterAll(() => world?.close())

const people = (count: number) => Promise.all(Array.from({ length: count }, () => enrolled()))

describe('signing up', () => {
  it('gives a place while there is one, and then the next number of the waiting list', async () => {
    const shift = await aShift({ maximum: 2 })
    const [first, second, third, fourth] = await people(4)

    expect(await signUp(first!, shift)).toEqual({ ok: true, state: 'confirmed', ahead: 0 })
    expect(await signUp(second!, shift)).toMatchObject({ state: 'confirmed' })
    expect(await signUp(third!, shift)).toEqual({ ok: true, state: 'waiting', ahead: 0 })
    expect(await signUp(fourth!, shift)).toEqual({ ok: true, state: 'waiting', ahead: 1 })
    expect(await signUp(fourth!, shift)).toEqual({ ok: false, code: 'already_signed_up' })
  })

  it.each([
    { because: 'applied only', volunteer: { state: 'applied' }, code: 'not_enrolled' },
    { because: 'suspended', volunteer: { state: 'left' }, code: 'not_enrolled' },
    { because: 'of another kind', volunteer: { kinds: ['mediator'] }, code: 'kind_needed' },
    { because: 'a trainee without an experienced colleague', volunteer: { state: 'enrolled' }, code: 'experienced_needed' },
  ])('is refused to somebody who is $because', async ({ volunteer, code }) => {
    expect(await signUp(await enrolled(undefined, volunteer), await aShift())).toEqual({ ok: false, code })
  })

  it('asks for the skill of the shift, on the day of the shift', async () => {
    const shift = await aShift({ skill: 'first_aid' })
    const [able, lapsed] = await people(2)
    await world.sql`insert into public.volunteer_skills (volunteer_id, skill_code, confirmed_by, confirmed_at, until_on) values (${able!}, 'first_aid', ${world.person.lead_zhao.id}, now(), null), (${lapsed!}, 'first_aid', ${world.person.lead_zhao.id}, now(), current_date - 1)`

    expect(await signUp(lapsed!, shift)).toEqual({ ok: false, code: 'skill_needed' })
    expect(await signUp(able!, shift)).toMatchObject({ ok: true })
  })

  it('a trainee goes with somebody who has been out five times, four are not enough', async () => {
    const shift = await aShift()
    const trainee = await enrolled(undefined, { state: 'enrolled' })
    await signUp(await enrolled(undefined, { attended: 4 }), shift)
    expect(await signUp(trainee, shift)).toEqual({ ok: false, code: 'experienced_needed' })

    await signUp(await enrolled(undefined, { attended: 5 }), shift)

    expect(await signUp(trainee, shift)).toMatchObject({ ok: true, state: 'confirmed' })
  })

  it('nobody is on two shifts at a time, and one may follow the other', async () => {
    const [shift, overlapping, following] = [await aShift(), await aShift({ startsIn: 49 }), await aShift({ startsIn: 50.01 })]
    const [somebody] = await people(1)
    await signUp(somebody!, shift)

    expect(await signUp(somebody!, overlapping)).toEqual({ ok: false, code: 'shift_overlap' })
    expect(await signUp(somebody!, following)).toMatchObject({ ok: true })
    await expect(world.sql`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at) select s.id, ${somebody!}, s.period, 'confirmed', false, now() from public.patrol_shifts s where s.id = ${overlapping}`)
      .rejects.toThrow('places_never_overlap')
  })

  it('for a day those with the fewest hours go first', async () => {
    const [busy, , free] = [await enrolled(), await enrolled(), await enrolled()]
    for (const startsIn of [30, 33]) await signUp(busy, await aShift({ startsIn, maximum: 10 }))
    const shift = await aShift({ firstClaims: 20 })

    expect(await signUp(busy, shift)).toEqual({ ok: false, code: 'first_claims' })
    expect(await signUp(free, shift)).toMatchObject({ ok: true })
    await world.sql`update public.patrol_shifts set first_claims_until = now() - interval '1 minute' where id = ${shift}`
    expect(await signUp(busy, shift)).toMatchObject({ ok: true })
  })

  it('is not for a shift that began, was cancelled or is another station\'s', async () => {
    const [somebody] = await people(1)
    const [begun, cancelled, far] = [await aShift({ startsIn: -0.5 }), await aShift(), await aShift()]
    await call('lead_zhao', 'cancel_patrol_shift', { id: cancelled, reason: '下大雨' })
    await world.sql`update public.patrol_shifts set station_id = ${world.station.far}, community_id = ${world.community.far} where id = ${far}`

    expect(await signUp(somebody!, begun)).toEqual({ ok: false, code: 'shift_closed' })
    expect(await signUp(somebody!, cancelled)).toEqual({ ok: false, code: 'shift_closed' })
    expect(await signUp(somebody!, far)).toEqual({ ok: false, code: 'not_found' })
    await world.sql`delete from public.patrol_shifts where id = ${far}`
  })

  it('fifty at once for the last place: one has it, forty-nine wait, each with a number of their own', async () => {
    const shift = await aShift({ maximum: 2 })
    const crowd = await people(51)
    await signUp(crowd.pop()!, shift)

    const answers = await Promise.all(crowd.map(volunteer => signUp(volunteer, shift)))

    expect(answers.filter(({ state }) => state === 'confirmed')).toHaveLength(1)
    expect(answers.filter(({ state }) => state === 'waiting').map(({ ahead }) => ahead as number).sort((a, b) => a - b)).toEqual(Array.from({ length: 49 }, (_, index) => index))
  })

  it('the database refuses overbooking whatever path is taken', async () => {
    const shift = await aShift({ maximum: 2 })
    const crowd = await people(3)
    const put = (volunteer: string) => world.sql`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at) select s.id, ${volunteer}, s.period, 'confirmed', false, now() from public.patrol_shifts s where s.id = ${shift}`

    const ends = await Promise.allSettled(crowd.map(put))

    expect(ends.map(end => end.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  })
})

describe('the waiting list', () => {
  const fullShift = async () => {
    const shift = await aShift({ maximum: 2 })
    const crowd = await people(4)
    for (const volunteer of crowd) await signUp(volunteer, shift)
    return { shift, holder: crowd[0]!, next: crowd[2]!, afterNext: crowd[3]! }
  }
  const leave = (volunteer: string, shift: string) => world.sql<{ answer: unknown }[]>`select private.leave_shift(${volunteer}, ${shift}) as answer`.then(rows => rows[0]!.answer)
  const answer = (volunteer: string, shift: string) => world.sql<{ answer: unknown }[]>`select private.answer_offer(${volunteer}, ${shift}) as answer`.then(rows => rows[0]!.answer)

  it('offers a free place to the first, for two hours', async () => {
    const { shift, holder, next, afterNext } = await fullShift()

    expect(await leave(holder, shift)).toEqual({ ok: true })

    expect([await stateOf(shift, next), await stateOf(shift, afterNext)]).toEqual(['offered', 'waiting'])
    const [row] = await world.sql<{ minutes: number }[]>`select extract(epoch from offered_until - now()) / 60 as minutes from public.shift_places where shift_id = ${shift} and state = 'offered'`
    expect(Number(row?.minutes)).toBeGreaterThan(118)
    expect(Number(row?.minutes)).toBeLessThanOrEqual(120)
    expect(await answer(next, shift)).toMatchObject({ ok: true, state: 'confirmed' })
    expect(await answer(afterNext, shift)).toEqual({ ok: false, code: 'not_found' })
  })

  it('goes on to the next when nobody answers in time', async () => {
    const { shift, holder, next, afterNext } = await fullShift()
    await leave(holder, shift)
    await world.sql`update public.shift_places set offered_until = now() - interval '1 second' where shift_id = ${shift} and state = 'offered'`

    expect(await answer(next, shift)).toEqual({ ok: false, code: 'not_found' })
    await advance()

    expect([await stateOf(shift, next), await stateOf(shift, afterNext)]).toEqual(['left', 'offered'])
  })

  it('an offered place is not given to somebody quicker', async () => {
    const { shift, holder } = await fullShift()
    await leave(holder, shift)
    const [quick] = await people(1)

    expect(await signUp(quick!, shift)).toMatchObject({ state: 'waiting' })
  })

  it('passes over who is elsewhere by then', async () => {
    const { shift, holder, next, afterNext } = await fullShift()
    await signUp(next, await aShift({ startsIn: 48.5, maximum: 9 }))

    await leave(holder, shift)

    expect([await stateOf(shift, next), await stateOf(shift, afterNext)]).toEqual(['waiting', 'offered'])
  })

  it('comes before a newcomer also when what kept the first of it has just ended', async () => {
    const [goes, stays, waits, newcomer] = [await enrolled(), await enrolled(), await enrolled(), await enrolled()]
    const [shift, other] = [await aShift({ maximum: 2 }), await aShift()]
    for (const volunteer of [goes, stays, waits]) await signUp(volunteer, shift)
    await signUp(waits, other)
    const leave = (volunteer: string, from: string) => world.sql`select private.leave_shift(${volunteer}, ${from})`
    await leave(goes, shift)
    expect(await stateOf(shift, waits), 'elsewhere at that time').toBe('waiting')
    await leave(waits, other)

    expect(await signUp(newcomer, shift)).toMatchObject({ ok: true, state: 'waiting' })
    expect(await stateOf(shift, waits)).toBe('offered')
  })

  it('near the start an offer ends an hour before it', async () => {
    const { shift, holder } = await fullShift()
    await moveTo(shift, 3.2)
    await world.sql`update public.shift_places set state = 'left' where shift_id = ${shift} and volunteer_id = ${holder}`

    await advance()

    const [row] = await world.sql<{ minutes: number }[]>`select extract(epoch from lower(period) - offered_until) / 60 as minutes from public.shift_places where shift_id = ${shift} and state = 'offered'`
    expect(Number(row?.minutes)).toBeGreaterThanOrEqual(60)
  })

  it('within three hours nobody is waited for: the first to answer has the place', async () => {
    const { shift, holder, next, afterNext } = await fullShift()
    await moveTo(shift, 2)
    await world.sql`update public.shift_places set state = 'left' where shift_id = ${shift} and volunteer_id = ${holder}`

    expect(await signUp(afterNext, shift)).toMatchObject({ ok: true, state: 'confirmed' })
    expect(await signUp(next, shift)).toEqual({ ok: false, code: 'already_signed_up' })
  })

  it('a place can be given back until three hours before, and the waiting list left at any time', async () => {
    const { shift, holder, next } = await fullShift()
    await moveTo(shift, 2.9)

    expect(await leave(holder, shift)).toEqual({ ok: false, code: 'too_late_to_leave' })
    expect(await leave(next, shift)).toEqual({ ok: true })
    expect(await leave(next, shift)).toEqual({ ok: false, code: 'not_found' })
  })
})

describe('handing a place on', () => {
  it('goes from one to another with a lead\'s yes', async () => {
    const [amina, bo] = [await enrolled('amina_resident'), await enrolled('bo_resident')]
    const shift = await aShift()
    await own('amina_resident', 'sign_up', { shift })

    const asked = await own('amina_resident', 'ask_swap', { shift })
    expect(asked).toMatchObject({ ok: true, state: 'asked' })
    expect(await call('lead_zhao', 'decide_swap', { swap: asked.swap, approve: true })).toEqual({ ok: false, code: 'status_order' })
    expect(await own('amina_resident', 'accept_swap', { swap: asked.swap })).toEqual({ ok: false, code: 'conflict' })
    expect(await own('bo_resident', 'accept_swap', { swap: asked.swap })).toMatchObject({ ok: true, state: 'accepted' })
    expect(await call('officer_wang', 'decide_swap', { swap: asked.swap, approve: true })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('chief_far', 'decide_swap', { swap: asked.swap, approve: true })).toEqual({ ok: false, code: 'not_found' })

    expect(await call('lead_zhao', 'decide_swap', { swap: asked.swap, approve: true })).toMatchObject({ ok: true })

    expect([await stateOf(shift, amina), await stateOf(shift, bo)]).toEqual(['left', 'confirmed'])
    expect(await mailsOf(shift)).toEqual(['patrols.swap lead_zhao', 'patrols.swapped amina_resident', 'patrols.swapped bo_resident'])
  })

  it('a refused one leaves everything as it was', async () => {
    const [amina] = [await enrolled('amina_resident'), await enrolled('bo_resident')]
    const shift = await aShift()
    await own('amina_resident', 'sign_up', { shift })
    const { swap } = await own('amina_resident', 'ask_swap', { shift })
    await own('bo_resident', 'accept_swap', { swap })

    await call('chief_sun', 'decide_swap', { swap, approve: false })

    expect(await placesOf(shift)).toEqual([{ volunteer: amina, state: 'confirmed' }])
  })
})

describe('what the clock does', () => {
  it('cancels a shift that has fewer than two at three hours before, tells everybody, and leaves one with two alone', async () => {
    const [lonely, enough] = [await aShift(), await aShift({ startsIn: 60 })]
    await enrolled('amina_resident')
    await own('amina_resident', 'sign_up', { shift: lonely })
    for (const volunteer of await people(2)) await signUp(volunteer, enough)
    await advance()
    expect(await world.sql`select state from public.patrol_shifts where id = ${lonely}`).toMatchObject([{ state: 'open' }])
    for (const shift of [lonely, enough]) await moveTo(shift, 2.99)

    expect(await advance()).toMatchObject({ cancelled: 1 })

    expect(await world.sql`select state, cancelled_reason, sequence from public.patrol_shifts where id = ${lonely}`).toMatchObject([{ state: 'cancelled', cancelled_reason: 'too_few', sequence: 1 }])
    expect(await mailsOf(lonely)).toEqual(['patrols.called_off lead_zhao', 'patrols.cancelled amina_resident'])
    expect(await world.sql`select state from public.patrol_shifts where id = ${enough}`).toMatchObject([{ state: 'open' }])
    expect(await advance()).toMatchObject({ cancelled: 0 })
  })

  it('reminds a day and two hours before, each once', async () => {
    await enrolled('amina_resident')
    const shift = await aShift()
    await own('amina_resident', 'sign_up', { shift })
    await signUp(await enrolled(), shift)
    await world.sql`update public.shift_places set signed_at = now() - interval '3 days' where shift_id = ${shift}`
    expect((await advance()).reminded).toBe(0)

    await moveTo(shift, 23.5)
    await advance()
    await advance()
    expect(await mailsOf(shift)).toEqual(['patrols.reminder amina_resident'])
    await moveTo(shift, 1.9)
    await advance()
    await advance()

    expect(await mailsOf(shift)).toEqual(['patrols.reminder amina_resident', 'patrols.reminder amina_resident'])
  })

  it('whoever signed up within the last day is reminded two hours before only', async () => {
    await enrolled('amina_resident')
    const shift = await aShift({ startsIn: 20 })
    await own('amina_resident', 'sign_up', { shift })
    await signUp(await enrolled(), shift)
    await world.sql`update public.shift_places set signed_at = now() - interval '1 hour' where shift_id = ${shift}`

    await advance()
    expect(await mailsOf(shift)).toEqual([])
    await moveTo(shift, 1.9)
    await advance()
    expect(await mailsOf(shift)).toEqual(['patrols.reminder amina_resident'])
  })

  it('tells the lead once of a shift that almost nobody took, a day before', async () => {
    const shift = await aShift({ startsIn: 25 })
    await advance()
    expect(await mailsOf(shift)).toEqual([])

    await moveTo(shift, 23)
    await advance()
    await advance()

    expect(await mailsOf(shift)).toEqual(['patrols.empty lead_zhao'])
  })

  it('ends a shift that nobody started when its time is over', async () => {
    const [over, running] = [await aShift({ startsIn: -3 }), await aShift({ startsIn: -1 })]

    await advance()

    expect(await world.sql`select state from public.patrol_shifts where id = ${over}`).toMatchObject([{ state: 'ended' }])
    expect(await world.sql`select state from public.patrol_shifts where id = ${running}`).toMatchObject([{ state: 'open' }])
  })

  it('foresees what it would do and does nothing', async () => {
    const shift = await aShift({ startsIn: 2 })

    const foreseen = await answerOf(world.server.rpc('foresee_patrols'))

    expect(Number(foreseen.cancelled)).toBeGreaterThanOrEqual(1)
    expect(await world.sql`select state from public.patrol_shifts where id = ${shift}`).toMatchObject([{ state: 'open' }])
  })
})
