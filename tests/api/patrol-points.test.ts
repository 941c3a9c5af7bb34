import { beforeAll, describe, expect, it } from 'vitest'
import { deskPointsSchema, ownPointsSchema } from '#shared/patrols/points-schema'
import { problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
beforeAll(async () => {
  for (const who of ['officer', 'lead', 'chief', 'auditor', 'resident', 'volunteer'] as const) cookies[who] = await signedIn(who)
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const post = (who: string, path: string, json: unknown = {}) => send('POST', `/api${path}`, { ...as(who), json })
const own = async (who: string) => ownPointsSchema.parse((await send('GET', '/api/patrols/points', as(who))).body)
const desk = async (who: string) => deskPointsSchema.parse((await send('GET', '/api/desk/patrols/points', as(who))).body)

describe('one\'s own points', () => {
  it('are for whoever is signed in, and empty for whoever is no volunteer', async () => {
    expect(problemOf(await send('GET', '/api/patrols/points')).code).toBe('sign_in_required')
    expect(problemOf(await send('POST', '/api/patrols/points/corrections', { json: {} })).code).toBe('sign_in_required')
    expect(await own('auditor')).toMatchObject({ isVolunteer: false, balance: 0, lines: [], hours: [] })
    expect((await own('auditor')).rules.map(({ code }) => code)).toEqual(['patrol', 'finding', 'tip_helped', 'training'])
  })

  it('add up line by line to the balance', async () => {
    const { balance, lines } = await own('volunteer')

    expect(lines.reduce((sum, { points }) => sum + points, 0)).toBe(balance)
    expect(lines[0]?.balance ?? 0).toBe(balance)
  })

  it('of another\'s patrol are not corrected', async () => {
    const now = Date.now()
    const asked = { place: crypto.randomUUID(), from: new Date(now - 7_200_000).toISOString(), to: new Date(now - 3_600_000).toISOString(), why: '晚走了半小时' }

    expect(problemOf(await post('volunteer', '/patrols/points/corrections', asked)).code).toBe('not_found')
    expect(problemOf(await post('volunteer', '/patrols/points/corrections', { ...asked, why: '' }))).toMatchObject({ code: 'invalid', errors: { why: expect.any(String) } })
  })
})

describe('the ledger at the desk', () => {
  it('is read by the staff who read the roster, set by the chief', async () => {
    expect(problemOf(await send('GET', '/api/desk/patrols/points', as('resident'))).code).toBe('forbidden')
    expect(await desk('officer')).toMatchObject({ mayDecide: false, maySet: false })
    expect(await desk('lead')).toMatchObject({ mayDecide: true, maySet: false })
    for (const who of ['officer', 'lead', 'auditor']) expect(problemOf(await post(who, '/desk/patrols/points', { act: 'budget', points: 5000 })).code).toBe('forbidden')

    expect(deskPointsSchema.parse((await post('chief', '/desk/patrols/points', { act: 'budget', points: 5000 })).body)).toMatchObject({ budget: 5000, maySet: true })
    expect(deskPointsSchema.parse((await post('chief', '/desk/patrols/points', { act: 'night', from: '22:00', to: '06:00', creditPercent: 150 })).body).night).toEqual({ from: '22:00', to: '06:00', creditPercent: 150 })
    expect(problemOf(await post('chief', '/desk/patrols/points', { act: 'night', from: '22:00', to: '26:00', creditPercent: 150 })).code).toBe('invalid')
    expect(problemOf(await post('chief', '/desk/patrols/points', { act: 'rate', rule: 'none', points: 1 })).code).toBe('invalid_input')
  })

  it('notes a training, which the volunteer reads as a line of their own', async () => {
    await post('chief', '/desk/patrols/points', { act: 'budget', points: 5000 })
    const { volunteer } = (await send('GET', '/api/patrols/own', as('volunteer'))).body as { volunteer: { id: string } }
    const before = await own('volunteer')
    const day = new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10)

    for (let time = 0; time < 2; time++) expect((await post('lead', '/desk/patrols/points/grants', { rule: 'training', volunteer: volunteer.id, day })).status).toBe(200)

    const { balance, lines } = await own('volunteer')
    expect(balance).toBe(before.balance + 20)
    expect(lines[0]).toMatchObject({ kind: 'earned', rule: 'training', points: 20, balance })
    expect(problemOf(await post('officer', '/desk/patrols/points/grants', { rule: 'training', volunteer: volunteer.id, day })).code).toBe('forbidden')
    expect(problemOf(await post('lead', '/desk/patrols/points/grants', { rule: 'tip_helped', reference: 'LL-0000-0000' })).code).toBe('not_found')
  })

  it('decides about no correction that is not there', async () => {
    expect(problemOf(await post('lead', `/desk/patrols/points/corrections/${crypto.randomUUID()}`, { approve: true })).code).toBe('not_found')
  })
})
