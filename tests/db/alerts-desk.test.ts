import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertContentSchema } from '#shared/alerts/published-alert'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { aText, type Alert, decide, deskCall, publish, saved, start } from './alerts-builder.ts'
import { answerOf } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

// A backend of its own: the outbox is counted.
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

const told = async ({ identifier }: Alert, template: string): Promise<string[]> => {
  const rows = await world.sql`select o.recipient_id from public.outbox o join public.alerts a on a.id = o.noun_id where a.identifier = ${identifier} and o.channel = 'email' and o.template = ${template}`
  return Object.entries(world.person).filter(([, { id }]) => rows.some(row => row.recipient_id === id)).map(([name]) => name).sort()
}
const leaders = async (station: string) => {
  const rows = await world.sql`select user_id from public.staff where station_id = ${station} and is_active and role in ('lead', 'chief')`
  return Object.entries(world.person).filter(([, { id }]) => rows.some(row => row.user_id === id)).map(([name]) => name).sort()
}
const waiting = async (who: Person): Promise<number> => Number((await answerOf((await world.as(who)).rpc('count_desk_work'))).alerts)
const preview = (who: Person, { identifier }: Alert) => deskCall(world, who, 'preview_alert', { identifier })

describe('a draft that is handed in', () => {
  it('tells leads and chiefs of its station, and no word of what it says; given back it tells its writer', async () => {
    const draft = await saved(world, 'officer_wang')
    expect(await told(draft, 'alerts.submitted')).toEqual([])

    await decide(world, 'officer_wang', draft, 'submit')
    expect(await told(draft, 'alerts.submitted')).toEqual(await leaders(world.station.home))
    const [row] = await world.sql`select o.params_sealed from public.outbox o where o.template = 'alerts.submitted' limit 1`
    expect(row?.params_sealed).toBeNull()

    await decide(world, 'lead_zhao', draft, 'return', { reason: 'which houses?' })
    expect(await told(draft, 'alerts.returned')).toEqual(['officer_wang'])
    // Nothing waits for the others any more.
    expect(await world.sql`select o.last_error, count(*)::int from public.outbox o join public.alerts a on a.id = o.noun_id where o.template = 'alerts.submitted' and o.status = 'cancelled' and a.identifier = ${draft.identifier} group by 1`).toEqual([{ last_error: 'decided', count: (await leaders(world.station.home)).length }])
  })

  it('that is orange tells only those who may be the second person', async () => {
    const draft = await saved(world, 'lead_zhao', { colour: 'orange' })
    await decide(world, 'lead_zhao', draft, 'submit')
    expect(await told(draft, 'alerts.submitted')).toEqual((await leaders(world.station.home)).filter(name => name !== 'lead_zhao'))
  })

  it('is counted beside the menu for whoever is awaited, and for nobody else', async () => {
    const before = { wang: await waiting('officer_wang'), zhao: await waiting('lead_zhao'), sun: await waiting('chief_sun'), auditor: await waiting('auditor_wu') }
    const draft = await saved(world, 'lead_zhao', { colour: 'red' })
    await decide(world, 'lead_zhao', draft, 'submit')
    expect([await waiting('lead_zhao'), await waiting('chief_sun'), await waiting('officer_wang'), await waiting('auditor_wu')]).toEqual([before.zhao, before.sun + 1, before.wang, before.auditor])

    await decide(world, 'chief_sun', draft, 'return', { reason: 'not red' })
    expect([await waiting('lead_zhao'), await waiting('chief_sun')]).toEqual([before.zhao + 1, before.sun])
  })
})

describe('the preview of a draft', () => {
  it('says what a publication would say, with the references of its chain', async () => {
    const first = await saved(world, 'lead_zhao')
    const before = await preview('lead_zhao', first)
    const done = await publish(world, 'lead_zhao', first)
    expect(before.ok && done.ok).toBe(true)
    if (!before.ok || !done.ok) return
    const { sent: _, ...shown } = alertContentSchema.parse(before.content)
    expect(done.alert).toMatchObject(shown)
    expect(await preview('lead_zhao', first)).toMatchObject({ ok: false, code: 'not_found' })

    const begun = await start(world, 'lead_zhao', first, 'update')
    expect(begun.ok && await preview('lead_zhao', begun.alert as Alert)).toMatchObject({ ok: true, chain: first.identifier, content: { messageType: 'update', references: [{ identifier: first.identifier }] } })
  })

  it('needs a Chinese text and an area, and somebody who may read it', async () => {
    expect(await preview('officer_wang', await saved(world, 'officer_wang', { texts: { en: aText('Burglaries') } }))).toMatchObject({ ok: false, code: 'alert_incomplete' })
    expect(await preview('officer_wang', await saved(world, 'officer_wang', { areas: [] }))).toMatchObject({ ok: false, code: 'alert_incomplete' })
    const draft = await saved(world, 'officer_wang')
    expect(await preview('auditor_wu', draft)).toMatchObject({ ok: true })
    for (const who of ['officer_li', 'admin_zheng', 'chief_far'] as const) expect(await preview(who, draft)).toMatchObject({ ok: false, code: 'not_found' })
  })
})
