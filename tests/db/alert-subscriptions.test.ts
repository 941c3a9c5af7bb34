import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { aHash, answerOf, sealed, type Submission } from './reports-builder.ts'
import { aMailWish, ask, aSubscriber, aWish, leave } from './subscriptions-builder.ts'
import { type World, buildWorld } from './world.ts'

// A backend of its own: whoever subscribes does so at the installation's default station.
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

const read = (tokenHash: unknown) => ask(world, 'read_subscription', { token_hash: tokenHash })
const stateOf = async (tokenHash: unknown) => ((await read(tokenHash)).subscription as { state: string } | undefined)?.state
const confirm = (confirmHash: unknown) => ask(world, 'confirm_subscription', { confirm_hash: confirmHash, limits: [] })
const mailsFor = (id: unknown) => world.sql`select template, params_sealed, expires_at, status from public.outbox where subscription_id = ${id as string}`

describe('by mail', () => {
  it('waits for a yes from the letter box, and nothing is sent there but the question', async () => {
    const wish = aMailWish()

    expect(await ask(world, 'subscribe_to_alerts', wish)).toEqual({ ok: true, state: 'pending' })

    expect(await stateOf(wish.token_hash)).toBe('pending')
    expect(await mailsFor(wish.id)).toMatchObject([{ template: 'alerts.confirm', status: 'queued' }])
    expect(await confirm(aHash())).toEqual({ ok: false, code: 'not_found' })
    expect(await confirm(wish.confirm_hash)).toMatchObject({ ok: true, subscription: { state: 'active' } })
    expect(await confirm(wish.confirm_hash), 'a second tap').toMatchObject({ ok: true, subscription: { state: 'active' } })
  })

  it('answers the same for an address that is known already, and changes nothing for it before its yes', async () => {
    const handle = aHash()
    const known = await aSubscriber(world, { channel: 'email', handle_hash: handle, kinds: ['warning'] })
    const again = aMailWish({ handle_hash: handle, kinds: ['tip'] })

    expect(await ask(world, 'subscribe_to_alerts', again)).toEqual({ ok: true, state: 'pending' })
    expect(await read(known.token_hash)).toMatchObject({ subscription: { state: 'active', kinds: ['warning'] } })
    await confirm(again.confirm_hash)

    expect(await stateOf(known.token_hash)).toBe('ended')
    expect(await read(again.token_hash)).toMatchObject({ subscription: { state: 'active', kinds: ['tip'] } })
    expect(await world.sql`select from private.alert_subscriptions where handle_hash = ${handle} and state = 'active'`).toHaveLength(1)
  })

  it('the yes is worth nothing after 48 hours, and the address goes', async () => {
    const wish = aMailWish()
    await ask(world, 'subscribe_to_alerts', wish)
    await world.sql`update private.alert_subscriptions set confirm_until = now() - interval '1 second' where id = ${wish.id as string}`

    expect(await confirm(wish.confirm_hash)).toEqual({ ok: false, code: 'not_found' })
    expect(await ask(world, 'retain_alerts', { limit: 100, is_dry: true })).toMatchObject({ unconfirmed: 1 })
    expect(await ask(world, 'retain_alerts', { limit: 100 })).toMatchObject({ unconfirmed: 1 })
    expect(await read(wish.token_hash)).toEqual({ ok: false, code: 'not_found' })
  })

  it('a limit of its bucket holds', async () => {
    const limits = [{ bucket: `subscription:${aHash()}`, times: 1, seconds: 60 }]
    await ask(world, 'subscribe_to_alerts', aMailWish({ limits }))

    expect(await ask(world, 'subscribe_to_alerts', aMailWish({ limits }))).toMatchObject({ ok: false, code: 'rate_limited' })
  })
})

describe('by browser or chat', () => {
  it('holds at once; asked again it is replaced, and its old link is worth nothing', async () => {
    const handle = aHash()
    const first = await aSubscriber(world, { handle_hash: handle })
    const second = await aSubscriber(world, { handle_hash: handle, min_colour: 'orange' })

    expect([await stateOf(first.token_hash), await stateOf(second.token_hash)]).toEqual(['ended', 'active'])
    expect(await ask(world, 'change_subscription', { ...aWish(), token_hash: first.token_hash })).toEqual({ ok: false, code: 'not_found' })
  })

  it('a browser with a new address keeps what it wanted; whoever had that address before is told no more, and only an active browser moves', async () => {
    const [mine, before, mail] = [await aSubscriber(world, { min_colour: 'orange' }), await aSubscriber(world), await aSubscriber(world, { channel: 'email' })]
    const move = (of: { token_hash: string }, changes: Submission = {}) => ask(world, 'move_subscription', { token_hash: of.token_hash, handle_hash: before.handle_hash, handle_sealed: sealed('new'), limits: [], ...changes })

    expect(await move(mine)).toMatchObject({ ok: true, subscription: { state: 'active', min_colour: 'orange', handle_hash: before.handle_hash, handle_sealed: sealed('new') } })
    expect(await stateOf(before.token_hash)).toBe('ended')
    expect(await move(mine), 'the same again').toMatchObject({ ok: true })
    for (const other of [before, mail, { token_hash: aHash() }]) expect(await move(other)).toEqual({ ok: false, code: 'not_found' })
    const limits = [{ bucket: `subscription:${aHash()}`, times: 1, seconds: 60 }]
    await move(mine, { limits })
    expect(await move(mine, { limits })).toMatchObject({ ok: false, code: 'rate_limited' })
  })

  it('a chat that is cleared is told no more', async () => {
    const chat = aHash()
    const { token_hash: token } = await aSubscriber(world, { channel: 'telegram', handle_hash: chat, chat_hash: chat })
    expect((await ask(world, 'list_subscriptions', { chat_hash: chat })).subscriptions).toMatchObject([{ channel: 'telegram', token_hash: token }])

    await world.sql`select private.forget_bot_chat(${chat}, false)`

    expect(await stateOf(token)).toBe('ended')
    expect((await ask(world, 'list_subscriptions', { chat_hash: chat })).subscriptions).toEqual([])
  })
})

describe('the token', () => {
  it('changes and ends its own subscription, as often as somebody likes; the handle is forgotten', async () => {
    const [mine, other] = [await aSubscriber(world), await aSubscriber(world)]
    const wishes = { token_hash: mine.token_hash, locale: 'en', communities: [world.community.pingAn], grids: [world.grid.changLe], kinds: ['warning'], min_colour: 'red', quiet_from: '22:00', quiet_to: '06:30', orange_passes: false }

    expect(await ask(world, 'change_subscription', wishes)).toMatchObject({ ok: true, subscription: { locale: 'en', communities: [world.community.pingAn], grids: [world.grid.changLe], min_colour: 'red', quiet_from: '22:00', quiet_to: '06:30', orange_passes: false } })
    expect(await leave(world, mine)).toEqual({ ok: true, ended: 1 })
    expect(await leave(world, mine)).toEqual({ ok: true, ended: 0 })
    expect(await leave(world, { token_hash: aHash() })).toEqual({ ok: false, code: 'not_found' })

    expect(await world.sql`select handle_hash, handle_sealed, token_sealed from private.alert_subscriptions where id = ${mine.id}`).toEqual([{ handle_hash: null, handle_sealed: null, token_sealed: null }])
    expect(await stateOf(other.token_hash)).toBe('active')
  })

  it.each<[string, (at: World) => Submission]>([
    ['a community of another station', at => ({ communities: [at.community.far] })], ['a grid of another station', at => ({ grids: [at.grid.far] })],
    ['a place that is not there', () => ({ communities: ['00000000-0000-4000-8000-000000000000'] })],
  ])('does not reach %s', async (_, changes) => {
    expect(await ask(world, 'subscribe_to_alerts', aWish(changes(world)))).toEqual({ ok: false, code: 'invalid_input' })
  })
})

describe('of an account', () => {
  it('is listed for it, stands in its copy without an address, and ends when the account is erased', async () => {
    const amina = await world.actor('amina_resident')
    const { token_hash: token } = await aSubscriber(world, { ...amina, communities: [world.community.pingAn] })
    await aSubscriber(world)

    expect((await ask(world, 'list_subscriptions', amina)).subscriptions).toMatchObject([{ token_hash: token, is_own: true }])
    const copy = await ask(world, 'export_account', { ...amina, limits: [], owner_hash: aHash() })
    expect(copy.subscriptions).toMatchObject([{ channel: 'webpush', kinds: ['warning', 'tip', 'solved', 'notice'] }])
    expect(JSON.stringify(copy.subscriptions)).not.toMatch(/v1\.|receipt-1:/)
    expect(await ask(world, 'erase_account', { ...amina, owner_hash: aHash() })).toMatchObject({ ok: true })

    expect(await stateOf(token)).toBe('ended')
    expect(await world.sql`select from private.alert_subscriptions where user_id = ${world.person.amina_resident.id}`).toHaveLength(0)
  })
})

it('none of it is for guests, residents or staff: the portal alone asks', async () => {
  const p = aWish()
  for (const client of [world.guest, await world.as('bo_resident'), await world.as('chief_sun')]) {
    for (const name of ['subscribe_to_alerts', 'confirm_subscription', 'read_subscription', 'change_subscription', 'move_subscription', 'unsubscribe_from_alerts', 'list_subscriptions', 'expand_alert', 'respond_to_alert', 'read_alert_progress', 'retain_alerts']) {
      expect((await client.rpc(name, { p })).status, name).toBeGreaterThanOrEqual(401)
    }
  }
  await expect(answerOf(world.server.rpc('subscribe_to_alerts', { p: aWish({ handle_sealed: sealed('x'), kinds: ['rumour'] }) }))).rejects.toThrow()
})
