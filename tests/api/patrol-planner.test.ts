import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { deskPatrolsSchema, endedSeriesSchema, savedRouteSchema, savedSeriesSchema, savedShiftSchema } from '#shared/patrols/patrol-schema'
import { patrolPlanSchema, patrolReviewSchema } from '#shared/patrols/plan-schema'
import { problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
let community: { id: string, grids: { id: string }[] }
beforeAll(async () => {
  for (const who of ['officer', 'lead', 'auditor', 'admin', 'resident'] as const) cookies[who] = await signedIn(who)
  const { communities } = z.object({ communities: z.array(z.object({ id: z.uuid(), slug: z.string(), grids: z.array(z.object({ id: z.uuid() })) })) }).parse((await send('GET', '/api/desk/reference', as('lead'))).body)
  const found = communities.find(({ slug }) => slug === 'he-xie')
  if (!found) throw new Error('the demo has no he-xie')
  community = found
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const get = (who: string, path: string) => send('GET', `/api/desk/patrols/${path}`, as(who))
const post = (who: string, path: string, json: unknown = {}) => send('POST', `/api/desk/patrols/${path}`, { ...as(who), json })
const day = (ahead: number) => new Date(Date.now() + 8 * 3_600_000 + ahead * 86_400_000).toISOString().slice(0, 10)

describe('the plan of a week', () => {
  it('proposes shifts with what they rest on; one that is made covers it', async () => {
    // Three weeks on: whatever other tests plan lies nearer.
    const read = async (who = 'lead') => patrolPlanSchema.parse((await get(who, `plan?week=${day(21)}`)).body)
    const plan = await read()
    const proposal = plan.proposals.find(({ communityId, state }) => communityId === community.id && state !== 'covered')

    expect(new Date(plan.monday).getUTCDay()).toBe(1)
    expect(proposal).toMatchObject({ strength: 'clear', weeksSeen: 3, count: 3, from: '20:00', to: '22:00' })
    const shift = { community: community.id, type: 'on_foot', startsAt: proposal?.startsAt, endsAt: proposal?.endsAt, needed: 2, maximum: 4 }
    const { id } = savedShiftSchema.parse((await post('lead', 'shifts', shift)).body).shift

    const after = await read()
    expect(after.proposals.find(({ gridId, weekday }) => gridId === proposal?.gridId && weekday === proposal.weekday)).toMatchObject({ state: 'covered', coveredMinutes: 120 })
    expect(after.coverage).toBeGreaterThan(plan.coverage ?? 1)
    expect(after.shifts).toBe(plan.shifts + 1)
    expect((await read('officer')).proposals.filter(({ communityId }) => communityId === community.id), 'an officer sees their communities').toEqual([])
    await post('lead', `shifts/${id}/cancel`, { reason: '改期再排' })
    expect((await read()).coverage).toBe(plan.coverage)
  })

  it('is for whoever handles reports', async () => {
    for (const who of ['auditor', 'admin', 'resident']) expect((await get(who, 'plan')).status, who).toBe(403)
    expect(problemOf(await get('lead', 'plan?week=soon')).code).toBe('invalid')
    expect(patrolPlanSchema.parse((await get('officer', 'plan')).body).monday > day(0)).toBe(true)
  })
})

describe('the draft of a review', () => {
  it('says the figures in both languages, and nobody\'s name', async () => {
    const { figures, drafts } = patrolReviewSchema.parse((await get('lead', `review?from=${day(-28)}&until=${day(-1)}`)).body)

    expect(figures.held).toBeGreaterThanOrEqual(3)
    expect(figures.people).toBeGreaterThanOrEqual(2)
    expect(drafts.zh).toContain(`已开展 ${figures.held} 个`)
    expect(drafts.en).toContain(`held: ${figures.held}.`)
    for (const draft of [drafts.zh, drafts.en]) {
      expect(draft).not.toMatch(/\{|patrols\.|undefined|NaN/)
      expect(draft).not.toMatch(/李建国|周秀兰|马强|陈志远/)
    }
  })

  it('is for leads and chiefs, of two months at most', async () => {
    for (const who of ['officer', 'auditor', 'admin', 'resident']) expect((await get(who, `review?from=${day(-7)}&until=${day(-1)}`)).status, who).toBe(403)
    expect(problemOf(await get('lead', `review?from=${day(-90)}&until=${day(-1)}`)).code).toBe('invalid_input')
  })
})

describe('routes and series', () => {
  it('a route is made, changed and retired', async () => {
    const [grid] = community.grids
    const point = (en: string) => ({ grid: grid?.id, name: { zh: '湖边', en } })
    const name = { zh: '湖边线', en: 'By the lake' }
    const routeOf = async (id: string) => deskPatrolsSchema.parse((await send('GET', `/api/desk/patrols?from=${day(0)}T00:00:00Z&to=${day(1)}T00:00:00Z`, as('lead'))).body).routes.find(route => route.id === id)
    const { id } = savedRouteSchema.parse((await post('lead', 'routes', { community: community.id, name, checkpoints: [point('Pier'), point('Gate')] })).body)
    const [pier, gate] = (await routeOf(id))?.checkpoints ?? []

    expect((await post('lead', `routes/${id}`, { name, checkpoints: [{ id: gate?.id, ...point('Gate') }, point('Bench')] })).status).toBe(200)

    const after = await routeOf(id)
    expect(after?.checkpoints.map(({ name: { en } }) => en)).toEqual(['Gate', 'Bench'])
    expect(after?.checkpoints[0]?.id).toBe(gate?.id)
    expect(after?.checkpoints.map(({ id: one }) => one)).not.toContain(pier?.id)
    expect(problemOf(await post('officer', `routes/${id}/retire`)).code).toBe('forbidden')
    expect((await post('lead', `routes/${id}/retire`)).body).toEqual({ id })
    expect(await routeOf(id)).toBeUndefined()
  })

  it('a day is taken out of a series and put back', async () => {
    const rule = { community: community.id, type: 'market', weekdays: [1, 2, 3, 4, 5, 6, 7], startsAtLocal: '07:00', durationMinutes: 60, fromOn: day(2), untilOn: day(6), needed: 2, maximum: 3 }
    const { id } = savedSeriesSchema.parse((await post('lead', 'series', rule)).body)

    expect(endedSeriesSchema.parse((await post('lead', `series/${id}/exceptions`, { day: day(4), reason: '集市停办' })).body)).toEqual({ cancelled: 1 })
    expect(problemOf(await post('lead', `series/${id}/exceptions`, { day: day(4), reason: '集市停办' })).code).toBe('invalid_input')
    const putBack = (who: string, on = day(4)) => send('DELETE', `/api/desk/patrols/series/${id}/exceptions/${on}`, as(who))
    expect(problemOf(await putBack('officer')).code).toBe('forbidden')
    expect(problemOf(await putBack('lead', 'tomorrow')).code).toBe('not_found')
    expect((await putBack('lead')).body).toEqual({ added: 1 })
    expect(problemOf(await putBack('lead')).code).toBe('not_found')
    await post('lead', `series/${id}/end`, { reason: '试排结束' })
  })
})
