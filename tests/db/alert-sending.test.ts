import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import type { AlertWishes } from '#shared/alerts/subscription-schema'
import { readAlertProgress, readAlertReach } from '#server/domain/alerts/alert-progress'
import { expandAlerts } from '#server/domain/alerts/expand-alerts'
import { findAlert } from '#server/domain/alerts/find-alert'
import { handleResponse, listResponses, openResponse, respondToAlert, type Responder } from '#server/domain/alerts/respond-to-alert'
import { confirmSubscription, changeSubscription, listSubscriptions, readSubscription, unsubscribeChat, unsubscribeFromAlerts } from '#server/domain/alerts/subscriptions/manage-subscription'
import { subscribe, subscribeChat } from '#server/domain/alerts/subscriptions/subscribe'
import { openPush } from '#server/domain/alerts/subscriptions/subscription-token'
import { openMessage } from '#server/domain/messages/open-message'
import { openServices, type Services } from '#server/domain/services'
import { openVapidKey } from '#server/outbox/channels/push-encryption'
import { webPushChannel } from '#server/outbox/channels/webpush'
import type { Mail } from '#server/outbox/channels/channel'
import { startDelivery, usualPace, type Delivery } from '#server/outbox/deliver'
import { pushPace, startPushDelivery } from '#server/outbox/deliver-push'
import { outboxQueue } from '#server/outbox/queue'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { FakePushService } from '../fake-push-service.ts'
import { deskCall, follow, published } from './alerts-builder.ts'
import { aHash } from './reports-builder.ts'
import { type Person, type World, buildWorld } from './world.ts'

// The whole way, with real keys: from the wish of a browser or a letter box to what arrives there, and back.
let running: Awaited<ReturnType<typeof startTestBackend>>
let world: World
let services: Services
let push: FakePushService
const loops: Delivery[] = []
const publicUrl = 'https://ping-an.example'
const vapid = openVapidKey('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94')

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  await world.sql`update public.stations set is_default = (id = ${world.station.home})`
  services = await openServices({ supabase: running.address, masterKeys: [{ id: 'k1', key: createSecretKey(randomBytes(32)) }], isDemo: false, publicUrl, blobFolder: '/nowhere' })
  push = await new FakePushService().start()
})
afterEach(async () => {
  await Promise.all(loops.splice(0).map(loop => loop.stop(2000)))
  push.fate = () => ({ status: 201 })
  await world.sql`delete from private.alert_audience`
  await world.sql`delete from private.alert_subscriptions`
  await world.sql`delete from public.outbox`
  await world.sql`delete from private.alert_responses`
})
afterAll(async () => {
  await push?.stop()
  await world?.close()
  await running?.stop()
})

const log = { info: () => undefined, error: (facts: object) => { throw new Error(JSON.stringify(facts)) } }
const wishes = (changes: Partial<AlertWishes> = {}): AlertWishes => ({ communities: [], grids: [], kinds: ['warning', 'tip', 'solved', 'notice'], minColour: 'blue', locale: 'zh', quietHours: null, ...changes })
const slugOf = async (id: string) => (await world.sql`select slug from public.communities where id = ${id}`)[0]?.slug as string
const byPush = (name: string, changes: Partial<AlertWishes> = {}) => subscribe(services, { ...wishes(changes), channel: 'webpush', subscription: push.browser(name) }, { limits: [], pushServices: [push.origin] })
const actor = async (who: Person) => ({ userId: world.person[who].id, sessionId: (await world.actor(who)).session, accessToken: (await (await world.as(who)).auth.getSession()).data.session?.access_token ?? '' })
function startPush(worker = 'p') {
  const loop = startPushDelivery({
    worker, publicUrl, log, queue: outboxQueue(services.clients), open: message => openPush(services.keys, message), findAlert: identifier => findAlert(services, identifier),
    channel: webPushChannel({ key: vapid, subject: 'mailto:duty@ping-an.example', services: [push.origin], limitMs: 2000, maxConnections: 4 }),
  }, { ...pushPace, idleMs: 100, retry: { ...pushPace.retry, firstSeconds: 0.1 } })
  loops.push(loop)
  return loop
}
async function until(isSo: () => Promise<boolean> | boolean, ms = 15_000) {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 30))) if (await isSo()) return
  throw new Error('it did not come to that')
}
const nothingWaits = async () => (await world.sql`select from public.outbox where status = 'queued' and channel <> 'email'`).length === 0

describe('by push', () => {
  it('an alert arrives at every browser that asked for it, once, readable, red as urgent', async () => {
    await byPush('lin')
    await byPush('mei', { locale: 'en' })
    await byPush('far', { communities: [await slugOf(world.community.changLe)] })
    const { identifier } = await published(world, { colour: 'red' })
    await expandAlerts(services)
    startPush('a')
    startPush('b')

    await until(nothingWaits)

    const got = push.pushed.filter(({ topic }) => topic === identifier)
    expect(got.map(({ name }) => name).sort()).toEqual(['lin', 'mei'])
    expect(got.every(({ urgency, ttl, isSigned }) => urgency === 'high' && ttl > 23 * 3600 && ttl <= 24 * 3600 && isSigned)).toBe(true)
    expect(JSON.parse(got.find(({ name }) => name === 'mei')?.text ?? '{}')).toMatchObject({ title: 'Red warning: Burglaries in Ping\'an', url: `${publicUrl}/en/alerts/${identifier}`, tag: identifier })
  })

  it('what fails is tried again, what says wait waits, and a browser that is gone is forgotten', async () => {
    const { token } = await byPush('gone')
    await byPush('ill')
    await byPush('slow')
    push.fate = (name, nth) => name === 'gone' ? { status: 410 } : nth > 0 ? { status: 201 } : name === 'ill' ? { status: 503 } : { status: 429, headers: { 'retry-after': '1' } }
    await published(world)
    await expandAlerts(services)
    startPush()

    await until(nothingWaits)

    expect(Object.fromEntries((await world.sql`select status, count(*)::int as n from public.outbox where subscription_id is not null group by status`).map(({ status, n }) => [status, n]))).toEqual({ sent: 2, cancelled: 1 })
    expect(await readSubscription(services, token ?? '')).toMatchObject({ state: 'ended' })
  })

  it('goes nowhere but to listed services, and a wish for an unknown place is refused with its field', async () => {
    const browser = push.browser('x')
    for (const endpoint of ['https://evil.example/push', 'http://169.254.169.254/latest', 'https://127.0.0.1/x']) {
      await expect(subscribe(services, { ...wishes(), channel: 'webpush', subscription: { ...browser, endpoint } }, { limits: [], pushServices: ['fcm.googleapis.com'] })).rejects.toMatchObject({ code: 'invalid', fields: { 'subscription.endpoint': { key: 'alerts.errors.pushService' } } })
    }
    await expect(byPush('y', { communities: ['nowhere'] })).rejects.toMatchObject({ code: 'invalid', fields: { communities: { key: 'alerts.errors.noSuchPlace' } } })
  })
})

describe('by mail', () => {
  it('asks the letter box, then sends what it asked for, with the way out in every mail', async () => {
    const sent: Mail[] = []
    const address = `Amina-${randomUUID()}@example.test`
    expect(await subscribe(services, { ...wishes({ locale: 'en' }), channel: 'email', address }, { limits: [], pushServices: [] })).toEqual({ state: 'pending' })
    loops.push(startDelivery({
      worker: 'm', publicUrl, log, queue: outboxQueue(services.clients), open: message => openMessage(services, message), findAlert: identifier => findAlert(services, identifier),
      channel: { name: 'smtp', close: () => undefined, send: async mail => void (mail.to === address && sent.push(mail)) },
    }, { ...usualPace, idleMs: 100 }))
    await until(() => sent.length === 1)
    const [, confirm = ''] = /\/en\/alerts\/confirm\/(\S+)/.exec(sent[0]?.body ?? '') ?? []
    const confirmed = await confirmSubscription(services, confirm, [])
    await published(world, { colour: 'red' })
    await expandAlerts(services)
    await until(() => sent.length === 2)

    expect(sent[0]).toMatchObject({ to: address, subject: 'Please confirm your safety alerts' })
    expect(sent[0]?.unsubscribeUrl).toBeUndefined()
    expect(confirmed).toMatchObject({ state: 'active', channel: 'email', address: 'A•••@example.test' })
    expect(sent[1]).toMatchObject({ to: address, subject: 'Red warning: Burglaries in Ping\'an', unsubscribeUrl: `${publicUrl}/api/subscriptions/${confirmed.token}/unsubscribe?locale=en` })
    expect(sent[1]?.body).toContain(`${publicUrl}/en/alerts/subscriptions/${confirmed.token}`)

    expect(await changeSubscription(services, confirmed.token, wishes({ minColour: 'red', quietHours: { from: '22:00', to: '07:00', orangePasses: false } }))).toMatchObject({ wishes: { minColour: 'red', quietHours: { from: '22:00', to: '07:00', orangePasses: false } } })
    await unsubscribeFromAlerts(services, confirmed.token)
    await unsubscribeFromAlerts(services, confirmed.token)
    expect(await readSubscription(services, confirmed.token)).toMatchObject({ state: 'ended', address: null })
    await expect(unsubscribeFromAlerts(services, 'x'.repeat(32))).rejects.toMatchObject({ code: 'not_found' })
  })
})

it('a chat asks, is listed, and leaves', async () => {
  const chat = { chatHash: aHash(), chatId: 42 }
  const { token } = await subscribeChat(services, chat, wishes())

  expect(await listSubscriptions(services, chat)).toMatchObject([{ channel: 'telegram', state: 'active', token }])
  expect([await unsubscribeChat(services, chat.chatHash), await unsubscribeChat(services, chat.chatHash)]).toEqual([true, false])
})

/** Messages are timed by the second: the end may lie in the second that has just begun. */
const endIsPast = (identifier: string) => expect.poll(async () => (await world.sql`select 1 from public.alerts where identifier = ${identifier} and ended_at <= private.clock()`).length).toBe(1)

describe('what comes back', () => {
  const cookie = (): Responder => ({ kind: 'cookie', value: randomUUID() })
  const answer = (identifier: string, kind: 'seen' | 'safe' | 'help' | 'know', who: Responder, text?: string) => respondToAlert(services, identifier, { kind, locale: 'zh', ...(text && { text }) }, who, [])

  it('help calls whoever is on duty, else whoever leads, at once and once; its words are sealed, and opening them is logged', async () => {
    const { identifier } = await published(world)
    const who = cookie()

    expect(await answer(identifier, 'help', who, '三号楼 402，老人摔倒了')).toEqual({ kind: 'help', isNew: true, hasDuty: true })
    expect(await answer(identifier, 'help', who)).toMatchObject({ isNew: false })
    await answer(identifier, 'help', cookie())

    const calls = await world.sql`select recipient_id, priority, channel from public.outbox where template = 'alerts.help'`
    expect(calls).toEqual([{ recipient_id: world.person.lead_zhao.id, priority: 0, channel: 'email' }])
    const kept = JSON.stringify(await world.sql`select * from private.alert_responses`)
    // Not the number of the door: ids and hashes are made of such digits.
    for (const word of ['三号楼', '老人摔倒']) expect(kept).not.toContain(word)
    const { open, responses } = await listResponses(services, await actor('officer_wang'), { identifier })
    expect([open, responses.length]).toEqual([2, 2])
    const withWords = responses.find(({ hasText }) => hasText)
    expect(await openResponse(services, await actor('officer_wang'), withWords?.id ?? '')).toEqual({ alert: identifier, kind: 'help', text: '三号楼 402，老人摔倒了' })
    await handleResponse(services, await actor('lead_zhao'), withWords?.id ?? '')
    await expect(handleResponse(services, await actor('lead_zhao'), withWords?.id ?? '')).rejects.toMatchObject({ code: 'conflict' })
    expect((await listResponses(services, await actor('chief_sun'), { identifier, isOpen: true })).responses).toHaveLength(1)
    const log = await world.sql`select l.action from public.audit_log l join public.alerts a on a.id = l.noun_id where a.identifier = ${identifier} and l.action like 'alert.%' order by l.id`
    expect(log.map(({ action }) => action).slice(-4)).toEqual(['alert.help_called', 'alert.help_called', 'alert.response_opened', 'alert.response_handled'])
  })

  it.each([['update', false], ['cancel', true], ['all_clear', true]])('who asks for help after %s is heard, and the desk sees whether the message was over by then', async (act, isLate) => {
    const { identifier } = await published(world)
    await answer(identifier, 'help', cookie())
    await follow(world, { identifier }, act)
    await endIsPast(identifier)
    await answer(identifier, 'help', cookie())

    const { responses } = await listResponses(services, await actor('lead_zhao'), { identifier })
    expect(responses.map(({ cameLate }) => cameLate).toSorted()).toEqual([false, isLate])
  })

  it('what whoever asked for help writes later is added, opens the call again and calls anew; a form sent twice says it once', async () => {
    const { identifier } = await published(world)
    const who = cookie()
    await answer(identifier, 'help', who)
    const [call] = (await listResponses(services, await actor('lead_zhao'), { identifier })).responses
    await handleResponse(services, await actor('lead_zhao'), call?.id ?? '')
    await world.sql`update public.outbox set status = 'sent', settled_at = now(), sent_by = 'smtp' where template = 'alerts.help'`

    for (const words of ['三号楼 402', '门口有水', '门口有水']) await answer(identifier, 'help', who, words)

    expect((await listResponses(services, await actor('lead_zhao'), { identifier, isOpen: true })).responses).toMatchObject([{ id: call?.id, hasText: true }])
    expect(await openResponse(services, await actor('lead_zhao'), call?.id ?? '')).toMatchObject({ text: '三号楼 402\n\n门口有水' })
    expect(await world.sql`select 1 from public.outbox where template = 'alerts.help' and status = 'queued'`).toHaveLength(1)
  })

  it('a chat that was told through a place stands there with what it answers', async () => {
    const chat = { chatHash: aHash(), chatId: 43 }
    await subscribeChat(services, chat, wishes({ communities: [await slugOf(world.community.pingAn)] }))
    const { identifier } = await published(world)
    await expandAlerts(services)
    await respondToAlert(services, identifier, { kind: 'help', locale: 'zh' }, { kind: 'chat', hash: chat.chatHash }, [])

    expect((await listResponses(services, await actor('lead_zhao'), { identifier })).responses).toMatchObject([{ communityId: world.community.pingAn, channel: 'telegram' }])
  })

  it.each<Person>(['officer_li', 'auditor_wu', 'admin_zheng', 'chief_far', 'bo_resident'])('%s reads none of it', async (who) => {
    const { identifier } = await published(world)
    await answer(identifier, 'help', cookie(), '三号楼')
    const [row] = await world.sql`select id from private.alert_responses`

    expect((await listResponses(services, await actor(who), { identifier }).catch(() => ({ responses: [] }))).responses).toEqual([])
    for (const name of ['open_alert_response', 'handle_alert_response']) expect(await deskCall(world, who, name, { id: row?.id })).toEqual({ ok: false, code: 'not_found' })
  })

  it('reach is counted by community and hidden below ten; who has a subscription says where they are by it', async () => {
    const pingAn = await slugOf(world.community.pingAn)
    const tokens = await Promise.all(Array.from({ length: 12 }, async (_, n) => (await byPush(`reach-${n}`, { communities: [pingAn] })).token ?? ''))
    await byPush('alone')
    const { identifier } = await published(world)
    await expandAlerts(services)
    startPush()
    await until(nothingWaits)
    for (const token of tokens.slice(0, 7)) await answer(identifier, 'seen', { kind: 'subscription', token })
    await answer(identifier, 'seen', { kind: 'subscription', token: tokens[0] ?? '' })

    const progress = await readAlertProgress(services, await actor('officer_li'), identifier)
    expect(progress).toMatchObject({ isWritten: true, people: 13, channels: [{ channel: 'webpush', queued: 0, sent: 13, failed: 0, stopped: 0 }], total: { sent: { base: 15, count: 15 }, seen: { base: 15, count: 5 } } })
    // One person alone asked for the whole station: with the total and the other row anybody could compute them.
    expect(progress.areas.every(({ seen }) => seen.base === null)).toBe(true)
    expect(await readAlertReach(services, identifier)).toEqual({ areas: progress.areas, total: progress.total })
    await expect(readAlertProgress(services, await actor('chief_far'), identifier)).rejects.toMatchObject({ code: 'not_found' })
    await expect(respondToAlert(services, 'LLA-0000-0000', { kind: 'seen', locale: 'zh' }, cookie(), [])).rejects.toMatchObject({ code: 'not_found' })
  })

  it('answers go after 90 days, audiences after 400', async () => {
    const { identifier } = await published(world)
    await answer(identifier, 'seen', cookie())
    await answer(identifier, 'safe', cookie())
    await world.sql`update private.alert_responses set at = now() - interval '91 days' where kind = 'seen'`
    const { foreseeRetainedAlerts, retainAlerts } = await import('#server/domain/alerts/retain-alerts')

    expect(await foreseeRetainedAlerts(services)).toMatchObject({ responses: 1 })
    expect(await retainAlerts(services)).toMatchObject({ responses: 1 })
    expect(await retainAlerts(services)).toMatchObject({ responses: 0 })
  })
})
