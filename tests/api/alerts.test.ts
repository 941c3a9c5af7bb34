import { createHash, createPublicKey, verify } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { alertListSchema, alertOffersSchema, deskAlertsSchema, readAlertSchema, savedAlertSchema, shownAlertSchema, type ShownAlert } from '#shared/alerts/alert-schema'
import { problemOf, send, signedIn } from './portal-client.ts'

const cookies: Record<string, string> = {}
let community: Record<string, string>
beforeAll(async () => {
  for (const who of ['officer', 'officer2', 'lead', 'chief', 'auditor', 'admin', 'resident'] as const) cookies[who] = await signedIn(who)
  const { communities } = z.object({ communities: z.array(z.object({ id: z.uuid(), slug: z.string() })) }).parse((await send('GET', '/api/desk/reference', as('lead'))).body)
  community = Object.fromEntries(communities.map(({ slug, id }) => [slug, id]))
})
const as = (who: string) => ({ cookie: cookies[who] ?? '' })
const post = (who: string, path: string, json: unknown = {}) => send('POST', `/api/desk/alerts${path}`, { ...as(who), json })

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const aDraft = (changes: Record<string, unknown> = {}) => ({
  kind: 'warning', colour: 'yellow', event: 'burglary', urgency: 'Expected', severity: 'Moderate', certainty: 'Likely', expires: inHours(24),
  texts: { zh: { headline: '老街近日发生入室盗窃', description: '请关好门窗。' }, en: { headline: 'Burglaries on the Old Street', description: 'Please lock doors and windows.' } },
  areas: [{ kind: 'community', community: community['ping-an'] }], ...changes,
})
const drafted = async (who: string, changes: Record<string, unknown> = {}) => savedAlertSchema.parse((await post(who, '', aDraft(changes))).body).alert
const listed = async (query = '') => alertListSchema.parse((await send('GET', `/api/alerts${query}`)).body).alerts
const shown = async (identifier: string) => shownAlertSchema.parse((await send('GET', `/api/alerts/${identifier}`)).body)

describe('GET /api/alerts', () => {
  it('shows what counts now, the most serious first, a drill last', async () => {
    const alerts = await listed()

    expect(alerts.length).toBeGreaterThanOrEqual(4)
    expect(alerts.every(({ state }) => state === 'current')).toBe(true)
    const demo = alerts.filter(({ texts }) => /社保局|大雨|电瓶|演练/.test(texts.zh.headline))
    expect(demo.map(({ isExercise, colour, kind }) => isExercise ? 'drill' : colour ?? kind)).toEqual(['yellow', 'blue', 'solved', 'drill'])
  })

  it('by community and by kind', async () => {
    const changLe = await listed('?community=chang-le')
    expect(changLe.some(({ colour }) => colour === 'blue')).toBe(true)
    expect(changLe.every(({ communityIds }) => communityIds.includes(community['chang-le'] ?? ''))).toBe(true)
    expect((await listed('?kind=solved')).every(({ kind }) => kind === 'solved')).toBe(true)
    expect(await listed('?community=nowhere')).toEqual([])
    expect(problemOf(await send('GET', '/api/alerts?kind=rumour')).code).toBe('invalid')
  })

  it('finds one by its code as it was typed, and says what became of it', async () => {
    const update = (await listed()).find(({ messageType }) => messageType === 'update')
    const [reference] = update?.references ?? []
    const code = reference?.identifier.slice(4) ?? ''

    for (const typed of [code, code.toLowerCase().replace('-', ''), `lla ${code}`]) expect(await shown(encodeURIComponent(typed))).toMatchObject({ identifier: reference?.identifier, state: 'superseded', endedBy: { identifier: update?.identifier } })
    for (const unknown of ['LLA-0000-0000', 'nothing', '%E0%A4%A']) expect((await send('GET', `/api/alerts/${unknown}`)).status).toBeGreaterThanOrEqual(400)
    expect(problemOf(await send('GET', '/api/alerts/LLA-0000-0000')).code).toBe('not_found')
  })

  it('gives each with a statement that anybody checks with the public keys alone', async () => {
    const keys = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }).parse((await send('GET', '/verify/keys.json')).body).keys
    for (const alert of await listed()) expect(isSigned(alert, keys)).toBe(true)

    const [alert] = await listed()
    expect(isSigned({ ...alert!, expires: inHours(48) }, keys)).toBe(false)
  })
})

/** Written anew here, by the description in the OpenAPI document: not with the code that signs. */
function isSigned({ chain: _, chainSent: _1, follows: _2, endedBy: _3, communityIds: _4, gridIds: _5, state: _6, statement, ...content }: ShownAlert, keys: ({ kid: string } & Record<string, unknown>)[]): boolean {
  const { signature, ...signed } = statement
  const key = keys.find(({ kid }) => kid === statement.keyId)
  return statement.contentHash === createHash('sha256').update(sorted(content)).digest('hex')
    && key !== undefined && verify(null, Buffer.from(sorted(signed)), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'))
}
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value).filter(([, part]) => part !== undefined).sort(([a], [b]) => a < b ? -1 : 1).map(([name, part]) => `${JSON.stringify(name)}:${sorted(part)}`).join(',')}}`
}

describe('a warning from the desk', () => {
  it('that is red goes out with two people, is seen by everybody within two seconds, and is updated and cleared with two people', async () => {
    const draft = await drafted('lead', { colour: 'red', urgency: 'Immediate', severity: 'Extreme', event: 'gas_leak' })
    expect(draft).toMatchObject({ state: 'draft', revision: 1, may: ['edit', 'submit', 'discard'] })
    expect((await send('GET', `/api/alerts/${draft.identifier}`)).status).toBe(404)
    expect(problemOf(await post('lead', `/${draft.identifier}/publish`, { revision: 1 })).code).toBe('second_person_required')
    expect(savedAlertSchema.parse((await post('lead', `/${draft.identifier}/submit`, { revision: 1 })).body).alert.state).toBe('in_review')
    expect(problemOf(await post('lead', `/${draft.identifier}/approve`, { revision: 1 })).code).toBe('second_person_required')
    expect(problemOf(await post('officer', `/${draft.identifier}/approve`, { revision: 1 })).code).toBe('forbidden')

    expect((await post('chief', `/${draft.identifier}/approve`, { revision: 1 })).status).toBe(200)
    const startedAt = performance.now()
    expect((await post('lead', `/${draft.identifier}/publish`, { revision: 1 })).status).toBe(200)
    const top = (await listed('?community=ping-an'))[0]
    expect(performance.now() - startedAt).toBeLessThan(2000)
    expect(top).toMatchObject({ identifier: draft.identifier, colour: 'red', state: 'current' })

    const update = savedAlertSchema.parse((await post('officer', `/${draft.identifier}/update`)).body).alert
    expect(update).toMatchObject({ messageType: 'update', base: draft.identifier, needsSecondPerson: true })
    await post('officer', `/${update.identifier}/submit`)
    expect((await post('lead', `/${update.identifier}/publish`)).status).toBe(200)
    expect((await shown(update.identifier)).references).toEqual([{ identifier: draft.identifier, sent: (await shown(draft.identifier)).sent }])

    const clear = savedAlertSchema.parse((await post('lead', `/${update.identifier}/all-clear`)).body).alert
    const written = await post('lead', `/${clear.identifier}`, aDraft({ revision: 1, colour: 'red', texts: { zh: { headline: '燃气泄漏已解除', description: '可以回家了。' } } }))
    expect(savedAlertSchema.parse(written.body).alert.revision).toBe(2)
    await post('lead', `/${clear.identifier}/submit`)
    expect((await post('chief', `/${clear.identifier}/publish`)).status).toBe(200)
    expect([(await shown(draft.identifier)).state, (await shown(update.identifier)).state, (await shown(clear.identifier)).state]).toEqual(['superseded', 'cleared', 'current'])
    expect(problemOf(await post('lead', `/${draft.identifier}/cancel`)).code).toBe('alert_ended')

    const { chain, alert } = readAlertSchema.parse((await send('GET', `/api/desk/alerts/${clear.identifier}`, as('auditor'))).body)
    expect(chain.map(({ identifier }) => identifier)).toEqual([draft.identifier, update.identifier, clear.identifier])
    expect([alert.may, alert.references]).toEqual([[], [{ identifier: update.identifier, sent: expect.any(String) }]])
  })

  it('goes out by the chief alone with a reason, which the auditor finds in the log', async () => {
    const draft = await drafted('chief', { colour: 'orange' })
    expect(problemOf(await post('chief', `/${draft.identifier}/publish`, { overrideReason: 'short' })).errors).toHaveProperty('overrideReason')
    expect((await post('chief', `/${draft.identifier}/publish`, { overrideReason: '夜里只有我一人值班' })).status).toBe(200)

    expect((await send('GET', '/api/desk/audit?action=alert.overridden', as('auditor'))).text).toContain(draft.identifier)
    const cancel = savedAlertSchema.parse((await post('chief', `/${draft.identifier}/cancel`)).body).alert
    expect(problemOf(await post('lead', `/${draft.identifier}/update`)).code).toBe('follow_up_open')
    await post('chief', `/${cancel.identifier}/discard`)
  })

  it('that is yellow goes out by one lead; a drill like it is a chain of its own', async () => {
    const draft = await drafted('lead')
    expect((await post('lead', `/${draft.identifier}/publish`)).status).toBe(200)

    const drill = savedAlertSchema.parse((await post('lead', `/${draft.identifier}/exercise`)).body).alert
    expect(drill).toMatchObject({ isExercise: true, chain: drill.identifier, messageType: 'alert' })
    expect((await post('lead', `/${drill.identifier}/publish`)).status).toBe(200)
    expect(await shown(drill.identifier)).toMatchObject({ isExercise: true, references: [] })
  })

  it('comes back to its officer with a reason', async () => {
    const draft = await drafted('officer')
    await post('officer', `/${draft.identifier}/submit`)
    expect(problemOf(await post('lead', `/${draft.identifier}/return`, { reason: '' })).errors).toHaveProperty('reason')
    expect((await post('lead', `/${draft.identifier}/return`, { reason: '请写明地点' })).status).toBe(200)
    const { alert } = readAlertSchema.parse((await send('GET', `/api/desk/alerts/${draft.identifier}`, as('officer'))).body)
    expect([alert.state, alert.returnedReason]).toEqual(['draft', '请写明地点'])
  })

  it('is not written over, and not by those whose communities it does not touch', async () => {
    const draft = await drafted('officer')
    await post('lead', `/${draft.identifier}`, aDraft({ revision: 1 }))

    expect(problemOf(await post('officer', `/${draft.identifier}`, aDraft({ revision: 1 }))).code).toBe('conflict')
    expect(problemOf(await post('officer', `/${draft.identifier}/submit`, { revision: 1 })).code).toBe('conflict')
    expect(problemOf(await post('officer2', `/${draft.identifier}`, aDraft({ revision: 2 }))).code).toBe('not_found')
    expect(problemOf(await send('GET', `/api/desk/alerts/${draft.identifier}`, as('officer2'))).code).toBe('not_found')
    expect(problemOf(await post('officer', '', aDraft({ areas: [{ kind: 'station' }] }))).code).toBe('forbidden')
    for (const who of ['auditor', 'admin', 'resident']) expect(problemOf(await post(who, '', aDraft())).code).toBe('forbidden')
    for (const who of ['admin', 'resident']) expect(problemOf(await send('GET', '/api/desk/alerts', as(who))).code).toBe('forbidden')
    expect(problemOf(await send('POST', '/api/desk/alerts', { json: aDraft() })).code).toBe('sign_in_required')
    expect(deskAlertsSchema.parse((await send('GET', '/api/desk/alerts?state=open', as('officer'))).body).alerts.map(({ identifier }) => identifier)).toContain(draft.identifier)
  })

  it('lies where it was drawn, and nowhere that it cannot', async () => {
    const { alerts } = alertListSchema.parse((await send('GET', '/api/alerts?community=he-xie')).body)
    const shape = alerts.flatMap(({ areas }) => areas).find(area => area.community === 'he-xie')?.shape
    const [[first = [0, 0]] = []] = (shape?.type === 'Polygon' ? shape.coordinates : []) as number[][][]
    const label = { zh: '中区一带', en: 'Round the centre' }
    const circle = { kind: 'circle', shape: { type: 'Circle', center: first.slice(0, 2), radiusMeters: 150 }, label }

    const draft = await drafted('lead', { areas: [circle] })
    expect(draft.communityIds).toContain(community['he-xie'])
    expect(draft.gridIds.length).toBeGreaterThan(0)
    expect(draft.areas).toEqual([{ kind: 'circle', community: null, grid: null, label, shape: circle.shape }])

    const refused = async (areas: unknown[]) => problemOf(await post('lead', '', aDraft({ areas }))).errors
    const [lng = 0, lat = 0] = first
    expect(await refused([{ ...circle, shape: { ...circle.shape, center: [0, 0] } }])).toHaveProperty(['areas.0'])
    expect(await refused([{ kind: 'polygon', label, shape: { type: 'Polygon', coordinates: [[[lng, lat], [lng + 0.01, lat + 0.01], [lng + 0.01, lat], [lng, lat + 0.01], [lng, lat]]] } }])).toHaveProperty(['areas.0'])
    expect(await refused([{ kind: 'polygon', label, shape: { type: 'Polygon', coordinates: [[[lng, lat], [lng + 0.01, lat + 0.01], [lng + 0.01, lat], [lng, lat + 0.01]]] } }])).toMatchObject({})
  })

  it.each([
    ['no colour', { colour: null }, 'colour'], ['a short headline', { texts: { zh: { headline: '短', description: '请关好门窗。' } } }, 'texts.zh.headline'], ['no end', { expires: undefined }, 'expires'],
    ['a beginning after its end', { onset: inHours(48) }, 'onset'], ['a warning to follow', { follows: 'LLA-0000-0000' }, 'follows'], ['an address that runs', { web: 'javascript:alert(1)' }, 'web'],
  ])('is refused with %s, in words', async (_, changes, field) => {
    expect(problemOf(await post('lead', '', aDraft(changes))).errors).toHaveProperty([field])
  })

  it('is not handed in without a text or an area, nor when it has ended', async () => {
    expect(problemOf(await post('lead', `/${(await drafted('lead', { areas: [] })).identifier}/submit`)).code).toBe('alert_incomplete')
    expect(problemOf(await post('lead', `/${(await drafted('lead', { expires: inHours(-1) })).identifier}/publish`)).code).toBe('alert_expiry')
  })

  it('keeps no control characters, and shows mark-up as the letters that were typed', async () => {
    const draft = await drafted('lead', { texts: { zh: { headline: '标题\u0007 <b>标题</b>', description: '第一行\r\n第二行\u000B' } } })

    expect(draft.texts.zh).toEqual({ headline: '标题 <b>标题</b>', description: '第一行\n第二行', instruction: null })
  })
})

describe('templates', () => {
  it('are offered with what alerts may be about, and changed by leads', async () => {
    const offers = async (who: string) => alertOffersSchema.parse((await send('GET', '/api/desk/alerts/templates', as(who))).body)
    const template = { slug: 'our-fair', name: { zh: '庙会', en: 'Fair' }, kind: 'notice', event: 'crowd', hours: 48, texts: { zh: { headline: '庙会期间人多拥挤', description: '请看好老人和孩子。' } } }
    expect((await offers('officer')).events.length).toBeGreaterThan(30)

    expect(problemOf(await send('POST', '/api/desk/alerts/templates', { ...as('officer'), json: template })).code).toBe('forbidden')
    expect((await send('POST', '/api/desk/alerts/templates', { ...as('lead'), json: template })).status).toBe(204)
    expect((await offers('officer')).templates).toContainEqual(expect.objectContaining({ slug: 'our-fair', messageType: 'alert' }))
    expect((await send('DELETE', '/api/desk/alerts/templates/our-fair', as('lead'))).status).toBe(204)
    expect(problemOf(await send('DELETE', '/api/desk/alerts/templates/our-fair', as('lead'))).code).toBe('not_found')
  })
})
