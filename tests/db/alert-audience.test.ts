import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { follow, hours, published } from './alerts-builder.ts'
import { aHash, answerOf } from './reports-builder.ts'
import { aMailWish, ask, aSubscriber, expandAll, leave, rowsOf, toldOf, type Subscriber } from './subscriptions-builder.ts'
import { type World, buildWorld } from './world.ts'

let running: Awaited<ReturnType<typeof startTestBackend>>
let world: World

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  await world.sql`update public.stations set is_default = (id = ${world.station.home})`
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})
const clear = async () => {
  await world.sql`update private.alert_expansions set finished_at = now() where finished_at is null`
  await world.sql`delete from private.alert_audience`
  await world.sql`delete from private.alert_subscriptions`
  await world.sql`delete from public.outbox where noun = 'alerts'`
}
beforeEach(clear)

const inPingAn = () => [{ kind: 'community', community: world.community.pingAn }]
const inChangLe = () => [{ kind: 'community', community: world.community.changLe }]

describe('who is told of a first message', () => {
  it('whoever named a place that it touches or none, wants its kind, and its colour or a lower one', async () => {
    const yes = [
      await aSubscriber(world), await aSubscriber(world, { channel: 'email' }), await aSubscriber(world, { communities: [world.community.pingAn] }), await aSubscriber(world, { grids: [world.grid.pingAn] }),
      await aSubscriber(world, { communities: [world.community.changLe], grids: [world.grid.pingAn] }), await aSubscriber(world, { min_colour: 'yellow', kinds: ['warning'] }),
    ]
    await aSubscriber(world, { communities: [world.community.changLe] })
    await aSubscriber(world, { grids: [world.grid.changLe] })
    await aSubscriber(world, { kinds: ['tip', 'solved', 'notice'] })
    await aSubscriber(world, { min_colour: 'orange' })
    await leave(world, await aSubscriber(world))
    await ask(world, 'subscribe_to_alerts', aMailWish())

    const { identifier } = await published(world)
    await expandAll(world)

    expect((await toldOf(world, identifier)).sort()).toEqual(yes.map(({ id }) => id).sort())
    expect((await rowsOf(world, identifier)).map(({ template, status, priority }) => `${template} ${status} ${priority}`)).toEqual(yes.map(() => 'alerts.alert queued 5'))
  })

  it('through which of their places', async () => {
    const byGrid = await aSubscriber(world, { grids: [world.grid.changLe, world.grid.pingAn] })
    const byBoth = await aSubscriber(world, { communities: [world.community.changLe, world.community.pingAn] })
    const byNone = await aSubscriber(world)
    const { identifier } = await published(world)
    await expandAll(world)

    const rows = await world.sql<{ subscription_id: string, community_id: string | null }[]>`select x.subscription_id, x.community_id from private.alert_audience x join public.alerts a on a.id = x.alert_id where a.identifier = ${identifier}`
    const by = new Map(rows.map(row => [row.subscription_id, row.community_id]))
    expect([by.get(byGrid.id), by.get(byBoth.id), by.get(byNone.id)]).toEqual([world.community.pingAn, world.community.pingAn, null])
  })

  it('red first, whatever was published before; a drill wakes nobody and comes last', async () => {
    await aSubscriber(world, { quiet_from: '00:00', quiet_to: '23:59', orange_passes: false })
    const passing = await aSubscriber(world, { quiet_from: '00:00', quiet_to: '23:59' })
    const made = []
    for (const [colour, isExercise] of [['blue', false], ['red', true], ['orange', false], ['red', false]] as const) made.push(await published(world, { colour, is_exercise: isExercise }))
    const order = []
    for (let n = 0; n < made.length; n++) order.push((await ask(world, 'expand_alert', { limit: 10 })).alert)
    const ids = await Promise.all(made.map(async ({ identifier }) => (await world.sql`select id from public.alerts where identifier = ${identifier}`)[0]?.id as string))

    expect(order).toEqual([ids[3], ids[2], ids[0], ids[1]])
    const waits = await Promise.all(made.map(async ({ identifier }) => (await rowsOf(world, identifier)).map(row => [row.subscription_id === passing.id ? 'passing' : 'quiet', row.priority, row.send_after.getTime() > Date.now() + 1000])))
    // In the one minute that is not quiet nobody waits.
    if (new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' }).format(new Date()) !== '23:59') {
      expect(waits.map(rows => Object.fromEntries(rows.map(([who, priority, late]) => [who, [priority, late]])))).toEqual([
        { quiet: [6, true], passing: [6, true] }, { quiet: [6, true], passing: [6, true] }, { quiet: [3, true], passing: [3, false] }, { quiet: [2, false], passing: [2, false] },
      ])
    }
  })

  it.each([['12:00', '22:00', '07:00', undefined], ['23:00', '22:00', '07:00', '07:00'], ['06:59', '22:00', '07:00', '07:00'], ['07:00', '22:00', '07:00', undefined], ['13:00', '12:00', '14:00', '14:00'], ['00:00', '00:00', '01:00', '01:00']])('at %s with quiet hours %s to %s it comes at %s', async (at, from, to, comes) => {
    const [row] = await world.sql`select to_char(private.after_quiet((date '2026-11-25' + ${at}::time) at time zone 'Asia/Shanghai', 'Asia/Shanghai', ${from}::time, ${to}::time) at time zone 'Asia/Shanghai', 'HH24:MI') as comes,
      private.after_quiet((date '2026-11-25' + ${at}::time) at time zone 'Asia/Shanghai', 'Asia/Shanghai', ${from}::time, ${to}::time) - (date '2026-11-25' + ${at}::time) at time zone 'Asia/Shanghai' between interval '0' and interval '24 hours' as is_soon`

    expect(row).toEqual({ comes: comes ?? at, is_soon: true })
  })
})

describe('who is told of what follows', () => {
  it('an update: those told before who have not left, wherever it moved, and whoever asked for such now; what waited of the first is not sent', async () => {
    const [stays, leaves] = [await aSubscriber(world, { communities: [world.community.pingAn] }), await aSubscriber(world, { communities: [world.community.pingAn] })]
    const elsewhere = await aSubscriber(world, { communities: [world.community.changLe] })
    const first = await published(world)
    await expandAll(world)
    await leave(world, leaves)

    const update = await follow(world, first, 'update', { areas: inChangLe() })
    await expandAll(world)

    expect((await toldOf(world, update.identifier)).sort()).toEqual([stays.id, elsewhere.id].sort())
    expect((await rowsOf(world, first.identifier)).map(({ subscription_id: to, status, last_error: why }) => [to === stays.id ? 'stays' : 'leaves', status, why])).toEqual([['stays', 'cancelled', 'superseded'], ['leaves', 'cancelled', 'unsubscribed']])
    expect((await rowsOf(world, update.identifier)).every(({ template }) => template === 'alerts.update')).toBe(true)
  })

  it.each(['cancel', 'all_clear'])('a message that ends it (%s) while it is still being written out: nothing more of it is written or sent', async (act) => {
    for (let n = 0; n < 6; n++) await aSubscriber(world)
    const first = await published(world)
    await ask(world, 'expand_alert', { limit: 3 })

    const end = await follow(world, first, act)
    await expandAll(world, 2)

    expect((await rowsOf(world, first.identifier)).map(({ status, last_error: why }) => `${status} ${why}`)).toEqual(['cancelled withdrawn', 'cancelled withdrawn', 'cancelled withdrawn'])
    expect(await toldOf(world, end.identifier)).toHaveLength(6)
  })

  it('a solved notice: those told of the warning, also by its update, who have not left, and nobody else', async () => {
    const first = await aSubscriber(world, { communities: [world.community.pingAn], kinds: ['warning'] })
    const left = await aSubscriber(world, { communities: [world.community.pingAn] })
    const later = await aSubscriber(world, { communities: [world.community.changLe] })
    const warning = await published(world)
    await expandAll(world)
    await follow(world, warning, 'update', { areas: inChangLe() })
    await expandAll(world)
    await leave(world, left)
    await aSubscriber(world)

    const solved = await published(world, { kind: 'solved', colour: null, follows: warning.identifier, areas: inPingAn() })
    await expandAll(world)

    expect((await toldOf(world, solved.identifier)).sort()).toEqual([first.id, later.id].sort())
  })
})

describe('written out page by page', () => {
  const place = fc.subarray(['pingAn', 'changLe'] as const)
  const subscriber = fc.record({ communities: place, grids: place, kinds: fc.subarray(['warning', 'tip'] as const, { minLength: 1 }), colour: fc.constantFrom('blue', 'yellow', 'orange', 'red'), channel: fc.constantFrom('webpush', 'telegram'), leaves: fc.boolean() })

  it('nobody twice, no leaver, nobody from elsewhere, whatever the pages, with workers side by side and one that dies in the middle', async () => {
    await fc.assert(fc.asyncProperty(fc.array(subscriber, { minLength: 1, maxLength: 12 }), fc.constantFrom('pingAn', 'changLe'), fc.integer({ min: 1, max: 5 }), async (wishes, touched, limit) => {
      await clear()
      const people: (Subscriber & { wish: typeof wishes[number] })[] = []
      for (const wish of wishes) {
        const chat = aHash()
        people.push({ wish, ...await aSubscriber(world, {
          communities: wish.communities.map(name => world.community[name]), grids: wish.grids.map(name => world.grid[name]), kinds: wish.kinds, min_colour: wish.colour, channel: wish.channel, ...(wish.channel === 'telegram' && { chat_hash: chat, handle_hash: chat }),
        }) })
      }
      for (const person of people) if (person.wish.leaves) await leave(world, person)
      const { identifier } = await published(world, { areas: [{ kind: 'community', community: world.community[touched] }], expires: hours(20) })

      await ask(world, 'expand_alert', { limit })
      await world.sql.begin(async (sql) => {
        await sql`select public.expand_alert(${sql.json({ limit })})`
        throw new Error('killed')
      }).catch(() => undefined)
      await Promise.all([expandAll(world, limit), expandAll(world, limit)])
      await expandAll(world, limit)

      const fits = ({ wish }: typeof people[number]) => !wish.leaves && wish.kinds.includes('warning') && ['blue', 'yellow'].includes(wish.colour)
        && (wish.communities.length + wish.grids.length === 0 || wish.communities.includes(touched) || wish.grids.includes(touched))
      expect((await toldOf(world, identifier)).sort()).toEqual(people.filter(fits).map(({ id }) => id).sort())
      expect((await rowsOf(world, identifier)).map(({ subscription_id: to }) => to).sort()).toEqual(people.filter(fits).map(({ id }) => id).sort())
    }), { numRuns: 12 })
  })

  it('is finished once, and then nothing waits', async () => {
    for (let n = 0; n < 4; n++) await aSubscriber(world)
    await published(world)
    expect(await answerOf(world.server.rpc('foresee_expansions', {}))).toEqual({ ok: true, alerts: 1 })

    expect(await ask(world, 'expand_alert', { limit: 2 })).toMatchObject({ added: 2, is_finished: false, has_more: true })
    expect(await ask(world, 'expand_alert', { limit: 2 })).toMatchObject({ added: 2, has_more: true })
    expect(await ask(world, 'expand_alert', { limit: 2 })).toMatchObject({ added: 0, is_finished: true, has_more: false })
    expect(await ask(world, 'expand_alert', { limit: 2 })).toMatchObject({ alert: null, has_more: false })
    expect(await answerOf(world.server.rpc('foresee_expansions', {}))).toEqual({ ok: true, alerts: 0 })
  })
})
