import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertColours, alertKinds, alertStates, areaKinds, capCategories, certainties, messageTypes, severities, urgencies } from '#shared/alerts/alert-words'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { type Alert, aForm, aText, alertOf, deskCall, publish, published, saved, start } from './alerts-builder.ts'
import { type Submission, answerOf } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

// A backend of its own: what everybody reads is that of the installation's default station.
let running: Awaited<ReturnType<typeof startTestBackend>>
let world: World

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  await world.sql`update public.stations set is_default = true where id = ${world.station.home}`
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})

const everybody = async (identifier: string) => answerOf(world.guest.rpc('get_alert', { p_identifier: identifier }))

describe('the closed lists', () => {
  it.each([
    ['alert_message_type', messageTypes], ['alert_kind', alertKinds], ['alert_colour', alertColours], ['alert_state', alertStates], ['alert_area_kind', areaKinds],
    ['cap_category', capCategories], ['cap_urgency', urgencies], ['cap_severity', severities], ['cap_certainty', certainties],
  ])('of the domain %s are those of shared/alerts/alert-words.ts', async (domain, words) => {
    const [row] = await world.sql<{ rule: string }[]>`select pg_get_constraintdef(c.oid) as rule from pg_constraint c join pg_type t on t.oid = c.contypid where t.typname = ${domain}`

    expect([...(row?.rule ?? '').matchAll(/'([^']+)'::text/g)].map(([, word]) => word)).toEqual([...words])
  })

  it('of events have a CAP category and both languages', async () => {
    const rows = await world.sql`select code, name from public.alert_events`

    expect(rows.length).toBeGreaterThan(30)
    for (const { name } of rows) expect(name).toEqual({ zh: expect.stringMatching(/\S/), en: expect.stringMatching(/\S/) })
  })
})

describe('what everybody reads', () => {
  it('is asked by the number that one has, and then only what changed', async () => {
    const list = async (after?: unknown) => answerOf(world.guest.rpc('list_alerts', { p: { after } }))
    const { number } = await list()
    expect(await list(number)).toMatchObject({ ok: true, number, alerts: [] })

    const first = await published(world)
    const draft = alertOf(await start(world, 'lead_zhao', first, 'update'))
    await saved(world, 'lead_zhao')
    const one = await list(number)
    expect(one.alerts).toMatchObject([{ identifier: first.identifier, endedBy: null }])
    await publish(world, 'lead_zhao', draft)

    expect((await list(one.number)).alerts).toMatchObject([{ identifier: first.identifier, endedBy: { identifier: draft.identifier } }, { identifier: draft.identifier, endedBy: null }])
  })

  it('shows a text in the languages that it has, and names as they were at publication', async () => {
    const alert = await published(world, { texts: { zh: aText('只有中文的一条') } })
    await world.sql`update public.communities set name = ${world.sql.json({ zh: '改名了', en: 'Renamed' })} where id = ${world.community.pingAn}`

    expect(await everybody(alert.identifier)).toMatchObject({ alert: { texts: { zh: { headline: '只有中文的一条' } }, areas: [{ label: { zh: '测试' } }] } })
    await world.sql`update public.communities set name = ${world.sql.json({ zh: '测试', en: 'Test' })} where id = ${world.community.pingAn}`
  })

  it('is that of the installation\'s station; one of another is found by its identifier', async () => {
    const far = alertOf(await deskCall(world, 'chief_far', 'save_alert', aForm(world, { areas: [{ kind: 'station' }] })))
    expect(await publish(world, 'chief_far', far)).toMatchObject({ ok: true })

    expect(await everybody(far.identifier)).toMatchObject({ ok: true })
    expect(((await answerOf(world.guest.rpc('list_alerts'))).alerts as Alert[]).map(({ identifier }) => identifier)).not.toContain(far.identifier)
  })

  it('is at the desk what the reader may see', async () => {
    const list = async (who: Person, p: Submission = {}) => deskCall(world, who, 'list_desk_alerts', p)
    const draft = await saved(world, 'officer_li', { areas: [{ kind: 'community', community: world.community.changLe }] })
    const named = async (who: Person, p: Submission = {}) => ((await list(who, p)).alerts as Alert[]).map(({ identifier }) => identifier)

    for (const who of ['officer_li', 'lead_zhao', 'auditor_wu'] as const) expect(await named(who, { state: 'open' })).toContain(draft.identifier)
    for (const who of ['officer_wang', 'chief_far'] as const) expect(await named(who)).not.toContain(draft.identifier)
    expect(await named('lead_zhao', { state: 'published' })).not.toContain(draft.identifier)
    for (const who of ['admin_zheng', 'amina_resident'] as const) expect(await list(who)).toEqual({ ok: false, code: 'forbidden' })
  })
})

describe('templates', () => {
  const offers = async (who: Person) => answerOf((await world.as(who)).rpc('list_alert_templates'))
  const aTemplate = (changes: Submission = {}) => ({ slug: 'our-market', name: { zh: '集市', en: 'Market' }, message_type: 'alert', kind: 'notice', colour: null, event: 'road_closure', hours: 24, texts: { zh: aText('集市期间道路封闭') }, ...changes })

  it('ship, are offered to whoever writes, and follow the station', async () => {
    expect(await offers('officer_wang')).toMatchObject({ ok: true, may_edit: false, templates: expect.arrayContaining([expect.objectContaining({ slug: 'gas-leak', colour: 'red' })]) })
    expect(await deskCall(world, 'lead_zhao', 'save_alert_template', aTemplate())).toEqual({ ok: true })
    expect((await offers('chief_sun')).templates).toContainEqual(expect.objectContaining({ slug: 'our-market' }))
    expect(await deskCall(world, 'chief_sun', 'remove_alert_template', { slug: 'our-market' })).toEqual({ ok: true })
    expect(await deskCall(world, 'chief_sun', 'remove_alert_template', { slug: 'our-market' })).toEqual({ ok: false, code: 'not_found' })
  })

  it.each(['officer_wang', 'auditor_wu', 'admin_zheng', 'chief_far', 'amina_resident'] as const)('are not written by %s', async (who) => {
    expect(await deskCall(world, who, 'save_alert_template', aTemplate())).toEqual({ ok: false, code: 'forbidden' })
    expect(await deskCall(world, who, 'remove_alert_template', { slug: 'gas-leak' })).toEqual({ ok: false, code: 'forbidden' })
  })

  it.each<[string, Submission]>([['a red one for a week', { kind: 'warning', colour: 'red', hours: 168 }], ['no Chinese', { texts: { en: aText('English') } }], ['a name in one language', { name: { zh: '集市' } }], ['a slug with blanks', { slug: 'a b' }]])('are refused with %s', async (_, changes) => {
    expect(await deskCall(world, 'lead_zhao', 'save_alert_template', aTemplate(changes))).toEqual({ ok: false, code: 'invalid_input' })
  })

  it('that the station changed or removed stay as the station wants them', async () => {
    const ship = () => world.sql`select private.ship_alert_templates('[{"slug": "burglary", "name": ["新", "New"], "kind": "notice", "event": "burglary", "hours": 5, "texts": {"zh": ["新的标题", "新的正文", null]}},
      {"slug": "phone-scam", "name": ["新", "New"], "kind": "notice", "event": "phone_scam", "hours": 5, "texts": {"zh": ["新的标题", "新的正文", null]}}]') as slug`
    await deskCall(world, 'lead_zhao', 'remove_alert_template', { slug: 'burglary' })

    expect((await ship()).map(row => row.slug)).toEqual(['phone-scam'])
    expect((await ship()).map(row => row.slug)).toEqual([])
    expect((await offers('lead_zhao')).templates).not.toContainEqual(expect.objectContaining({ slug: 'burglary' }))
  })
})
