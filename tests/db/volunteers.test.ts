import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { placeStates, shiftStates, swapStates, volunteerKinds, volunteerStates } from '#shared/patrols/patrol-words'
import { actsFor, volunteerActs } from '#shared/patrols/volunteer-steps'
import { patrolActs } from './patrols-builder.ts'
import { answerOf } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

let world: World
const { call, apply, enrolled, aShift, signUp, stateOf, mailsOf, clear } = patrolActs(() => world)

beforeAll(async () => {
  world = await buildWorld()
})
beforeEach(() => clear())
afterAll(() => world?.close())

const decide = (who: Person, id: string, act: string, changes: Record<string, unknown> = {}) => call(who, 'decide_volunteer', { id, act, ...changes })
const stepsOf = async (id: string) => (await world.sql`select act from public.volunteer_steps where volunteer_id = ${id} order by id`).map(row => row.act as string)
const applied = async () => (await apply('amina_resident')).id as string

describe('asking to join', () => {
  it('keeps the declarations as consents, the contact sealed, and tells the lead', async () => {
    const answer = await apply('amina_resident')

    expect(answer).toMatchObject({ ok: true, state: 'applied' })
    const consents = await world.sql`select purpose, version from private.consents where user_id = ${world.person.amina_resident.id} and purpose like 'patrol_%' order by purpose`
    expect(consents.map(row => row.purpose)).toEqual(expect.arrayContaining(['patrol_adult', 'patrol_conduct', 'patrol_insurance', 'patrol_privacy']))
    expect(await mailsOf(answer.id as string)).toEqual(['patrols.applied lead_zhao'])
    expect(await apply('amina_resident')).toEqual({ ok: false, code: 'already_volunteer' })
  })

  it('over and over again fills nobody\'s mailbox: the lead hears of it once an hour', async () => {
    const id = await applied()
    for (let times = 0; times < 3; times++) {
      await call('amina_resident', 'change_own_volunteering', { act: 'leave' })
      expect(await apply('amina_resident')).toMatchObject({ ok: true })
    }
    expect(await mailsOf(id)).toEqual(['patrols.applied lead_zhao'])

    await world.sql`update public.outbox set created_at = created_at - interval '61 minutes' where noun_id = ${id}`
    await call('amina_resident', 'change_own_volunteering', { act: 'leave' })
    await apply('amina_resident')
    expect(await mailsOf(id)).toEqual(['patrols.applied lead_zhao', 'patrols.applied lead_zhao'])
  })

  it('needs every declaration in the wording that is in force', async () => {
    expect(await apply('bo_resident', { declarations: { patrol_adult: 1, patrol_conduct: 1, patrol_privacy: 1 } })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await apply('bo_resident', { declarations: { patrol_adult: 1, patrol_conduct: 7, patrol_insurance: 1, patrol_privacy: 1 } })).toEqual({ ok: false, code: 'conflict' })
    expect(await world.sql`select from public.volunteers where user_id = ${world.person.bo_resident.id}`).toHaveLength(0)
  })

  it.each([{ kinds: [] }, { kinds: ['sheriff'] }, { availability: { 8: ['night'] } }, { availability: { 1: 'night' } }, { contact_sealed: null }])('is refused with %o', async (changes) => {
    expect(await apply('bo_resident', changes)).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('asks nobody else for the declarations', async () => {
    const terms = await answerOf(world.guest.rpc('get_patrol_terms'))
    const everybody = await answerOf(world.guest.rpc('get_consent_texts'))

    expect((terms.declarations as { purpose: string }[]).map(({ purpose }) => purpose)).toEqual(['patrol_adult', 'patrol_conduct', 'patrol_insurance', 'patrol_privacy'])
    expect((everybody.texts as { purpose: string }[]).filter(({ purpose }) => purpose.startsWith('patrol_'))).toEqual([])
  })
})

describe('the way onto the roster', () => {
  it('goes from the station\'s review over the assessment by another person to trainee and, after three shifts, active', async () => {
    const id = await applied()

    expect(await decide('lead_zhao', id, 'review')).toMatchObject({ ok: true, volunteer: { state: 'station_reviewed' } })
    expect(await decide('lead_zhao', id, 'assess')).toEqual({ ok: false, code: 'second_person_required' })
    expect(await decide('chief_sun', id, 'assess', { note: '谈过话' })).toMatchObject({ volunteer: { state: 'assessed' } })
    expect(await decide('lead_zhao', id, 'enrol')).toMatchObject({ volunteer: { state: 'enrolled' } })
    expect(await decide('lead_zhao', id, 'activate')).toEqual({ ok: false, code: 'status_order' })
    for (let day = 1; day <= 3; day++) {
      const shift = await aShift({ startsIn: -48 * day })
      await world.sql`insert into public.shift_places (shift_id, volunteer_id, period, state, is_trainee, signed_at, attended_at) select s.id, ${id}, s.period, 'confirmed', true, now(), now() from public.patrol_shifts s where s.id = ${shift}`
    }
    expect(await decide('lead_zhao', id, 'activate')).toMatchObject({ volunteer: { state: 'active', attended: 3 } })
    expect(await stepsOf(id)).toEqual(['applied', 'review', 'assess', 'enrol', 'activate'])
    expect((await mailsOf(id)).filter(mail => mail === 'patrols.decided amina_resident')).toHaveLength(4)
  })

  it('an officer reviews applications of their own community and decides nothing else', async () => {
    const id = await applied()

    expect(await decide('officer_li', id, 'review')).toEqual({ ok: false, code: 'not_found' })
    expect(await decide('officer_wang', id, 'review')).toMatchObject({ ok: true })
    expect(await decide('officer_wang', id, 'assess')).toEqual({ ok: false, code: 'forbidden' })
    for (const who of ['chief_far', 'admin_zheng', 'amina_resident'] as const) expect(await decide(who, id, 'assess')).toEqual({ ok: false, code: 'not_found' })
    expect(await decide('auditor_wu', id, 'assess')).toEqual({ ok: false, code: 'forbidden' })
  })

  it('no step is left out', async () => {
    const id = await applied()

    for (const act of ['assess', 'enrol', 'activate', 'suspend', 'resume', 'unlock']) expect(await decide('chief_sun', id, act, { note: '试一试' })).toEqual({ ok: false, code: 'status_order' })
    expect(await stepsOf(id)).toEqual(['applied'])
  })

  it('a refusal says why and can be appealed against once', async () => {
    const id = await applied()
    expect(await decide('lead_zhao', id, 'refuse')).toEqual({ ok: false, code: 'reason_missing' })
    expect(await decide('lead_zhao', id, 'refuse', { note: '材料不全' })).toMatchObject({ volunteer: { state: 'refused', refused_reason: '材料不全' } })

    expect(await call('amina_resident', 'change_own_volunteering', { act: 'appeal', note: '材料已补' })).toMatchObject({ ok: true, state: 'applied' })
    await decide('lead_zhao', id, 'refuse', { note: '仍不符合' })
    expect(await call('amina_resident', 'change_own_volunteering', { act: 'appeal', note: '再申诉' })).toEqual({ ok: false, code: 'status_order' })
    expect(await apply('amina_resident')).toEqual({ ok: false, code: 'already_volunteer' })
  })

  it('nobody decides about themselves', async () => {
    const id = await enrolled()
    await world.sql`update public.volunteers set user_id = ${world.person.lead_zhao.id}, state = 'assessed' where id = ${id}`

    expect(await decide('lead_zhao', id, 'enrol')).toEqual({ ok: false, code: 'not_for_oneself' })
    expect(await decide('chief_sun', id, 'enrol')).toMatchObject({ ok: true })
  })

  it('a suspension clears what was to come and ends by itself where it has a term', async () => {
    const id = await enrolled('bo_resident')
    const shift = await aShift()
    await signUp(id, shift)

    expect(await decide('lead_zhao', id, 'suspend', { note: '调查期间', until: new Date(Date.now() + 3600_000).toISOString() })).toMatchObject({ volunteer: { state: 'suspended' } })

    expect(await stateOf(shift, id)).toBe('left')
    expect(await signUp(id, shift)).toEqual({ ok: false, code: 'not_enrolled' })
    await world.sql`update public.volunteers set suspended_until = now() - interval '1 minute' where id = ${id}`
    await world.sql`select private.advance_roster(${world.station.home})`
    expect(await world.sql`select state, suspended_from from public.volunteers where id = ${id}`).toMatchObject([{ state: 'active', suspended_from: null }])
  })

  it('whoever left may come back by the same way', async () => {
    await applied()
    expect(await call('amina_resident', 'change_own_volunteering', { act: 'leave' })).toMatchObject({ ok: true, state: 'left' })

    expect(await apply('amina_resident')).toMatchObject({ ok: true, state: 'applied' })
  })
})

describe('what is kept of a volunteer', () => {
  it('is listed without names and opened one at a time, which is logged', async () => {
    const id = await applied()

    const list = await call('officer_wang', 'list_volunteers', {})
    expect((list.volunteers as { id: string }[]).map(volunteer => volunteer.id)).toEqual([id])
    expect(JSON.stringify(list)).not.toContain('v1.')
    expect((await call('officer_li', 'list_volunteers', {})).volunteers).toEqual([])
    expect(await answerOf(world.server.rpc('open_volunteer', { p: { ...await world.actor('auditor_wu'), id } }))).toEqual({ ok: false, code: 'not_found' })
    expect(await answerOf(world.server.rpc('open_volunteer', { p: { ...await world.actor('officer_wang'), id } }))).toMatchObject({ ok: true, contact_sealed: expect.stringContaining('v1.') })
    expect((await world.sql`select action from public.audit_log where noun_id = ${id} order by id`).map(row => row.action)).toEqual(['volunteer.applied', 'volunteer.open_refused', 'volunteer.opened'])
  })

  it('skills are confirmed by lead and chief', async () => {
    const id = await enrolled('bo_resident')

    expect(await call('officer_wang', 'confirm_skill', { id, skill: 'first_aid' })).toEqual({ ok: false, code: 'forbidden' })
    expect(await call('lead_zhao', 'confirm_skill', { id, skill: 'flying' })).toEqual({ ok: false, code: 'invalid_input' })
    expect(await call('lead_zhao', 'confirm_skill', { id, skill: 'first_aid' })).toMatchObject({ volunteer: { skills: ['first_aid'] } })
    expect(await call('lead_zhao', 'confirm_skill', { id, skill: 'first_aid', remove: true })).toMatchObject({ volunteer: { skills: [] } })
  })

  it('goes with the account: the contact at once, the places to come to others; shifts that took place stay without a person', async () => {
    const user = await world.backend.createUser('chen_volunteer')
    const id = await enrolled(undefined, { attended: 1 })
    await world.sql`update public.volunteers set user_id = ${user.id} where id = ${id}`
    await world.sql`insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (${id}, 'v1.x')`
    const shift = await aShift()
    await signUp(id, shift)

    await world.sql`insert into private.account_erasures (user_id, asked_at) values (${user.id}, now())`

    expect(await world.sql`select user_id, state from public.volunteers where id = ${id}`).toMatchObject([{ user_id: null, state: 'left' }])
    expect(await world.sql`select from private.volunteer_contacts where volunteer_id = ${id}`).toHaveLength(0)
    expect(await stateOf(shift, id)).toBe('left')
    expect(await world.sql`select from public.shift_places where volunteer_id = ${id} and attended_at is not null`).toHaveLength(1)
  })

  it('goes with the account: also what was written about them, and what they wrote, while each step stays', async () => {
    const user = await world.backend.createUser('chen_volunteer')
    const id = await applied()
    await world.sql`update public.volunteers set user_id = ${user.id} where id = ${id}`
    await decide('lead_zhao', id, 'refuse', { note: 'Chen was seen drunk on duty.' })
    await world.sql`insert into public.volunteer_steps (volunteer_id, at, from_state, to_state, act, note) values (${id}, now(), 'refused', 'applied', 'appealed', 'My name is Chen and I was ill.')`

    await world.sql`insert into private.account_erasures (user_id, asked_at) values (${user.id}, now())`

    expect(await stepsOf(id)).toEqual(['applied', 'refuse', 'appealed', 'erased'])
    const [kept] = await world.sql`select v.refused_reason, (select count(*)::integer from public.volunteer_steps t where t.volunteer_id = v.id and t.note is not null) as notes from public.volunteers v where v.id = ${id}`
    expect(kept).toEqual({ refused_reason: null, notes: 0 })
    await expect(world.sql`update public.volunteer_steps set note = 'another' where volunteer_id = ${id}`).rejects.toThrow('append-only')
    await expect(world.sql`update public.volunteer_steps set act = 'review' where volunteer_id = ${id}`).rejects.toThrow('append-only')
  })

  it('loses the contact two years after they left, also if they led a patrol or took over a place', async () => {
    const [led, took, other] = [await enrolled(undefined, { state: 'left', attended: 1 }), await enrolled(undefined, { state: 'left' }), await enrolled()]
    await signUp(other, await aShift())
    for (const id of [led, took, other]) await world.sql`insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (${id}, 'v1.x')`
    await world.sql`update public.patrol_shifts set lead_volunteer_id = ${led} where id in (select shift_id from public.shift_places where volunteer_id = ${led})`
    await world.sql`insert into public.shift_swaps (place_id, to_volunteer_id, state, asked_at) select q.id, ${took}, 'expired', now() from public.shift_places q where q.volunteer_id = ${other}`
    await world.sql`update public.volunteers set changed_at = now() - interval '25 months' where id in (${led}, ${took})`

    for (const _ of [1, 2]) await answerOf(world.server.rpc('retain_patrols', { p: { limit: 1000 } }))

    expect((await world.sql`select volunteer_id from private.volunteer_contacts where volunteer_id in (${led}, ${took}, ${other})`).map(row => row.volunteer_id)).toEqual([other])
    expect(await world.sql`select from public.volunteers where id in (${led}, ${took}, ${other})`, 'patrols and places keep who it was, without a name').toHaveLength(3)
  })

  it('loses the contact with the account, by whatever way that is deleted', async () => {
    const user = await world.backend.createUser('chen_volunteer')
    const id = await enrolled()
    await world.sql`update public.volunteers set user_id = ${user.id} where id = ${id}`
    await world.sql`insert into private.volunteer_contacts (volunteer_id, contact_sealed) values (${id}, 'v1.x')`

    await world.sql`delete from auth.users where id = ${user.id}`

    expect(await world.sql`select user_id from public.volunteers where id = ${id}`).toEqual([{ user_id: null }])
    expect(await world.sql`select from private.volunteer_contacts where volunteer_id = ${id}`).toHaveLength(0)
  })

  it('is taken two years after somebody left, and not before', async () => {
    const [recent, old] = [await enrolled(undefined, { state: 'left' }), await enrolled(undefined, { state: 'left' })]
    await world.sql`update public.volunteers set changed_at = now() - interval '25 months' where id = ${old}`

    await answerOf(world.server.rpc('retain_patrols', { p: { limit: 100, is_dry: true } }))
    expect(await world.sql`select from public.volunteers where id = ${old}`).toHaveLength(1)
    await answerOf(world.server.rpc('retain_patrols', { p: { limit: 100 } }))

    expect((await world.sql`select id from public.volunteers where id in (${recent}, ${old})`).map(row => row.id)).toEqual([recent])
  })
})

it('database and portal know the same steps and words', async () => {
  for (const [domain, words] of Object.entries({ volunteer_kind: volunteerKinds, volunteer_state: volunteerStates, patrol_shift_state: shiftStates, shift_place_state: placeStates, shift_swap_state: swapStates })) {
    const [row] = await world.sql<{ rule: string }[]>`select pg_get_constraintdef(c.oid) as rule from pg_constraint c join pg_type t on t.oid = c.contypid where t.typname = ${domain}`
    expect([...(row?.rule ?? '').matchAll(/'(\w+)'/g)].map(([, word]) => word)).toEqual([...words])
  }
  for (const state of volunteerStates) {
    for (const act of volunteerActs) {
      const [row] = await world.sql<{ to: string | null }[]>`
        select private.volunteer_step(${act}, jsonb_populate_record(null::public.volunteers, ${world.sql.json({ state, locked_at: '2026-01-01T00:00:00Z', suspended_from: 'active' })})) as to`
      const may = actsFor({ state, isLocked: true, attended: 3, reviewedBy: null }, { id: 'somebody', role: 'lead' })
      expect({ state, act, may: may.includes(act) }).toEqual({ state, act, may: row?.to !== null })
    }
  }
})
