import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  decidedVolunteerSchema, deskPatrolsSchema, deskVolunteersSchema, openedVolunteerSchema, openShiftsSchema, ownPatrolsSchema, patrolTermsSchema, placeAnswerSchema, publicPatrolsSchema, savedRouteSchema, savedSeriesSchema, savedShiftSchema, volunteerStateSchema,
} from '#shared/patrols/patrol-schema'
import { problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
let community: Record<string, string>
beforeAll(async () => {
  for (const who of ['officer', 'officer2', 'lead', 'chief', 'auditor', 'resident', 'resident2', 'volunteer'] as const) cookies[who] = await signedIn(who)
  const { communities } = z.object({ communities: z.array(z.object({ id: z.uuid(), slug: z.string() })) }).parse((await send('GET', '/api/desk/reference', as('lead'))).body)
  community = Object.fromEntries(communities.map(({ slug, id }) => [slug, id]))
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const post = (who: string, path: string, json: unknown = {}) => send('POST', `/api${path}`, { ...as(who), json })
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const contact = { name: '阿明', phone: '0000-555-0199', emergencyName: '阿芳', emergencyPhone: '0000-555-0198' }
const anApplication = async (changes: Record<string, unknown> = {}) => {
  const { declarations } = patrolTermsSchema.parse((await send('GET', '/api/patrols/terms')).body)
  return { community: 'ping-an', kinds: ['patroller'], availability: { 6: ['evening'] }, contact, declarations: Object.fromEntries(declarations.map(({ purpose, version }) => [purpose, version])), locale: 'zh', ...changes }
}
/** Within a day: nobody has a first claim any more. */
const aShift = (changes: Record<string, unknown> = {}) => ({ community: community['ping-an'], type: 'on_foot', startsAt: inHours(16), endsAt: inHours(18), needed: 2, maximum: 3, ...changes })
const planned = async (changes: Record<string, unknown> = {}) => savedShiftSchema.parse((await post('lead', '/desk/patrols/shifts', aShift(changes))).body).shift
const own = async (who: string) => ownPatrolsSchema.parse((await send('GET', '/api/patrols/own', as(who))).body)

describe('what everybody reads of patrols', () => {
  it('is the day and the community, and no more (RULES I1)', async () => {
    const { patrols } = publicPatrolsSchema.parse((await send('GET', '/api/patrols')).body)

    expect(patrols.length).toBeGreaterThan(0)
    for (const patrol of patrols) expect(Object.keys(patrol).sort()).toEqual(['community', 'day'])
  })

  it('is nothing of the roster without an account', async () => {
    for (const [method, path] of [['GET', '/patrols/own'], ['POST', '/patrols/own'], ['POST', '/patrols/applications'], ['GET', '/patrols/shifts'], ['POST', `/patrols/shifts/${crypto.randomUUID()}/signup`], ['GET', '/desk/patrols/volunteers']] as const) {
      expect(problemOf(await send(method, `/api${path}`, method === 'POST' ? { json: {} } : {})).code).toBe('sign_in_required')
    }
  })
})

describe('an application', () => {
  it('goes from the resident over two people at the desk to the roster; the contact is sealed until it is opened', async () => {
    const answer = await post('resident', '/patrols/applications', await anApplication())
    expect(answer.status).toBe(201)
    expect(volunteerStateSchema.parse(answer.body)).toEqual({ state: 'applied' })
    expect(problemOf(await post('resident', '/patrols/applications', await anApplication())).code).toBe('already_volunteer')
    const id = (await own('resident')).volunteer?.id ?? ''

    const list = await send('GET', '/api/desk/patrols/volunteers?state=applied', as('officer'))
    expect(deskVolunteersSchema.parse(list.body).volunteers.find(volunteer => volunteer.id === id)).toMatchObject({ may: ['review', 'refuse'] })
    expect(list.text).not.toContain('0000-555')
    expect(problemOf(await send('GET', `/api/desk/patrols/volunteers/${id}`, as('officer2'))).code).toBe('not_found')
    expect(openedVolunteerSchema.parse((await send('GET', `/api/desk/patrols/volunteers/${id}`, as('officer'))).body)).toMatchObject({ contact, steps: [{ act: 'applied', actor: null }] })

    const decide = (who: string, act: string) => post(who, `/desk/patrols/volunteers/${id}/decisions`, { act })
    expect(decidedVolunteerSchema.parse((await decide('lead', 'review')).body).volunteer).toMatchObject({ state: 'station_reviewed', may: ['refuse'] })
    expect(problemOf(await decide('lead', 'assess')).code).toBe('second_person_required')
    expect(problemOf(await decide('resident', 'assess')).code).toBe('not_found')
    expect(decidedVolunteerSchema.parse((await decide('chief', 'assess')).body).volunteer.state).toBe('assessed')
    expect(decidedVolunteerSchema.parse((await decide('lead', 'enrol')).body).volunteer.state).toBe('enrolled')
    expect((await own('resident')).volunteer?.state).toBe('enrolled')
  })

  it('is looked at field by field', async () => {
    expect(problemOf(await post('resident2', '/patrols/applications', await anApplication({ kinds: [] })))).toMatchObject({ code: 'invalid', errors: { kinds: expect.any(String) } })
    expect(problemOf(await post('resident2', '/patrols/applications', await anApplication({ declarations: {} }))).code).toBe('invalid_input')
    expect(problemOf(await post('resident2', '/patrols/applications', await anApplication({ community: 'nowhere' }))).code).toBe('not_found')
    expect((await own('resident2')).volunteer).toBeNull()
  })
})

describe('a shift', () => {
  it('is planned, signed up for, handed back and cancelled', async () => {
    const shift = await planned()
    const signUp = (who: string) => post(who, `/patrols/shifts/${shift.id}/signup`)
    const leave = (who: string) => send('DELETE', `/api/patrols/shifts/${shift.id}/signup`, as(who))

    expect(placeAnswerSchema.parse((await signUp('volunteer')).body)).toMatchObject({ state: 'confirmed', ahead: 0 })
    expect(problemOf(await signUp('volunteer')).code).toBe('already_signed_up')
    expect(problemOf(await signUp('resident2')).code).toBe('not_enrolled')
    const open = async (who: string, query = '') => openShiftsSchema.parse((await send('GET', `/api/patrols/shifts${query}`, as(who))).body).shifts.map(({ id }) => id)
    expect(await open('volunteer', '?community=ping-an')).toContain(shift.id)
    expect(await open('volunteer', '?community=he-xie')).not.toContain(shift.id)
    expect(await open('volunteer', `?from=${inHours(17)}`)).not.toContain(shift.id)
    expect(await open('volunteer', `?to=${inHours(15)}`)).not.toContain(shift.id)
    expect(await open('resident2'), 'RULES I1').toEqual([])
    expect((await own('volunteer')).shifts.find(({ id }) => id === shift.id)).toMatchObject({ confirmed: 1, mine: { state: 'confirmed' } })
    expect(placeAnswerSchema.parse((await leave('volunteer')).body)).toEqual({ state: null, ahead: null, swap: null })
    expect(problemOf(await leave('volunteer')).code).toBe('not_found')

    expect(savedShiftSchema.parse((await post('chief', `/desk/patrols/shifts/${shift.id}/cancel`, { reason: '下大雨' })).body).shift).toMatchObject({ state: 'cancelled', cancelledReason: '下大雨', sequence: 1 })
    expect(problemOf(await signUp('volunteer')).code).toBe('shift_closed')
  })

  it('is planned by lead and chief only, for two at least', async () => {
    for (const who of ['officer', 'auditor', 'resident']) expect(problemOf(await post(who, '/desk/patrols/shifts', aShift())).code).toBe('forbidden')
    expect(problemOf(await post('lead', '/desk/patrols/shifts', aShift({ needed: 1 }))).code).toBe('invalid')
    expect(problemOf(await post('lead', '/desk/patrols/shifts', aShift({ startsAt: inHours(1), endsAt: inHours(2) }))).code).toBe('invalid_input')
  })

  it('moved by two at once is moved once', async () => {
    const shift = await planned({ startsAt: inHours(100), endsAt: inHours(102) })
    const move = (hours: number) => post('lead', `/desk/patrols/shifts/${shift.id}`, { ...aShift({ startsAt: inHours(hours), endsAt: inHours(hours + 2) }), sequence: 0 })

    const statuses = (await Promise.all([move(103), move(104)])).map(({ status }) => status).sort()

    expect(statuses).toEqual([200, 409])
  })

  it('is handed on by a link that a colleague is given', async () => {
    const shift = await planned({ startsAt: inHours(20), endsAt: inHours(22) })
    await post('volunteer', `/patrols/shifts/${shift.id}/signup`)

    const { swap } = placeAnswerSchema.parse((await post('volunteer', `/patrols/shifts/${shift.id}/swap`)).body)

    expect(problemOf(await post('volunteer', `/patrols/swaps/${swap}`, { act: 'accept' })).code).toBe('conflict')
    expect(problemOf(await post('lead', `/desk/patrols/swaps/${swap}`, { approve: true })).code).toBe('status_order')
    expect(placeAnswerSchema.parse((await post('volunteer', `/patrols/swaps/${swap}`, { act: 'withdraw' })).body).state).toBe('expired')
  })

  it('marked as missed too early is refused', async () => {
    const { shifts } = deskPatrolsSchema.parse((await send('GET', `/api/desk/patrols?from=${inHours(0)}&to=${inHours(24 * 40)}`, as('officer'))).body)
    const place = shifts.flatMap(({ places }) => places).find(({ state }) => state === 'confirmed')

    expect(problemOf(await post('officer', `/desk/patrols/places/${place?.id}/no-show`)).code).toBe('status_order')
  })
})

describe('what the desk plans ahead', () => {
  it('a series writes its shifts and is ended', async () => {
    const day = (count: number) => inHours(24 * count).slice(0, 10)
    const rule = { community: community['chang-le'], type: 'market', weekdays: [1, 2, 3, 4, 5, 6, 7], startsAtLocal: '09:00', durationMinutes: 90, fromOn: day(2), untilOn: day(5), needed: 2, maximum: 5 }

    const { id, added } = savedSeriesSchema.parse((await post('lead', '/desk/patrols/series', rule)).body)

    expect(added).toBeGreaterThanOrEqual(3)
    expect((await post('lead', `/desk/patrols/series/${id}/end`, { reason: '集市停办' })).body).toEqual({ cancelled: added })
    expect(problemOf(await post('lead', `/desk/patrols/series/${id}/end`, { reason: '集市停办' })).code).toBe('not_found')
    expect(problemOf(await post('lead', '/desk/patrols/series', { ...rule, startsAtLocal: '25:00' })).code).toBe('invalid')
  })

  it('a route, its checkpoints in their grids', async () => {
    const { routes } = deskPatrolsSchema.parse((await send('GET', `/api/desk/patrols?from=${inHours(0)}&to=${inHours(1)}`, as('lead'))).body)
    const grid = routes[0]?.checkpoints[0]?.grid
    const name = { zh: '新线', en: 'New one' }

    expect(savedRouteSchema.parse((await post('lead', '/desk/patrols/routes', { community: community['ping-an'], name, checkpoints: [{ grid, name }] })).body).id).toBeTruthy()
    expect(problemOf(await post('lead', '/desk/patrols/routes', { community: community['chang-le'], name, checkpoints: [{ grid, name }] })).code).toBe('invalid_input')
  })

  it('a skill is confirmed for somebody else', async () => {
    const { volunteers } = deskVolunteersSchema.parse((await send('GET', '/api/desk/patrols/volunteers?state=active', as('lead'))).body)

    const answer = await post('chief', `/desk/patrols/volunteers/${volunteers[0]?.id}/skills`, { skill: 'first_aid' })

    expect(decidedVolunteerSchema.parse(answer.body).volunteer.skills).toContain('first_aid')
  })
})

it('a volunteer says when they have time, and a stranger to the roster cannot', async () => {
  expect(volunteerStateSchema.parse((await post('volunteer', '/patrols/own', { act: 'availability', availability: { 7: ['morning'] } })).body).state).toBe('active')
  expect((await own('volunteer')).volunteer?.availability).toEqual({ 7: ['morning'] })
  expect(problemOf(await post('resident2', '/patrols/own', { act: 'leave' })).code).toBe('not_found')
})

it('a shift that others may claim first is refused until then, and the page says until when', async () => {
  const { id } = await planned({ startsAt: inHours(90), endsAt: inHours(91) })

  expect(problemOf(await post('volunteer', `/patrols/shifts/${id}/signup`)).code).toBe('first_claims')
  for (const [locale, words] of [['en', /Those who were out the least sign up first\. From [^.]*\d\d:\d\d everybody may\./], ['zh', /近期出勤少的队员先报名，[^<]*\d\d:\d\d起大家都可以报。/]] as const) {
    const card = (await send('GET', `/${locale}/patrols/me`, as('volunteer'))).text.split('<article').find(part => part.includes(id))
    expect(card).toMatch(words)
    expect(card, 'no button').not.toContain('value="sign_up"')
  }
  expect((await post('lead', `/desk/patrols/shifts/${id}/cancel`, { reason: '天气不好' })).status).toBe(200)
})
