import { createClients } from '#server/db/clients'
import { outboxQueue } from '#server/db/outbox'
import { telegramQueue } from '#server/db/bot'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestBackend } from '../../supabase/embedded/test-backend.ts'
import { type Alert, alertOf, publish, published, start } from './alerts-builder.ts'
import { aHash, sealed } from './reports-builder.ts'
import { aMailWish, ask, aSubscriber, expandAll, leave, rowsOf } from './subscriptions-builder.ts'
import { type World, buildWorld } from './world.ts'

let running: Awaited<ReturnType<typeof startTestBackend>>
let world: World
let mails: ReturnType<typeof outboxQueue>
let telegram: ReturnType<typeof telegramQueue>

beforeAll(async () => {
  running = await startTestBackend()
  world = await buildWorld(running.address)
  await world.sql`update public.stations set is_default = (id = ${world.station.home})`
  const clients = createClients(world.backend)
  mails = outboxQueue(clients)
  telegram = telegramQueue(clients)
})
afterAll(async () => {
  await world?.close()
  await running?.stop()
})
beforeEach(async () => {
  await world.sql`update private.alert_expansions set finished_at = now() where finished_at is null`
  await world.sql`delete from private.alert_audience`
  await world.sql`delete from private.alert_subscriptions`
  await world.sql`delete from public.outbox`
  await world.sql`update private.bot_pace set next_at = '-infinity', refused_in_row = 0`
})

const inChat = () => { const chat = aHash(); return aSubscriber(world, { channel: 'telegram', chat_hash: chat, handle_hash: chat }) }
const out = async (changes = {}) => {
  const alert = await published(world, changes)
  await expandAll(world)
  return alert
}
const passTo = ({ identifier }: Pick<Alert, 'identifier'>, at: string) => world.sql.begin(async (sql) => {
  await sql`update public.outbox o set expires_at = ${at} from public.alerts a where a.identifier = ${identifier} and o.noun_id = a.id`
})
const cancel = async (alert: Alert) => {
  const draft = alertOf(await start(world, 'chief_sun', alert, 'cancel'))
  const saved = alertOf(await (async () => (await (await world.as('chief_sun')).rpc('save_alert', { p: { ...draft, texts: { zh: { headline: '本预警取消', description: '情况有误，特此取消。' } } } })).data as never)())
  return alertOf(await publish(world, 'chief_sun', saved))
}

describe('by mail and by push', () => {
  it('each channel has its own, red first, then orange, ordinary mails, yellow and the rest', async () => {
    await aSubscriber(world, { channel: 'email' })
    const push = await aSubscriber(world)
    const alerts = new Map<string, string>()
    for (const colour of ['blue', 'yellow', 'orange', 'red'] as const) alerts.set((await out({ colour })).identifier, colour)
    await world.sql`insert into public.outbox (channel, template, noun, recipient_id, locale) values ('email', 'staff.changed', 'staff', ${world.person.chief_sun.id}, 'zh')`

    const byMail = await mails.claim('w', 20, 60)
    const byPush = await mails.claim('w', 20, 60, 'webpush')

    expect(byMail.messages.map(({ alert, template }) => alerts.get(alert ?? '') ?? template)).toEqual(['red', 'orange', 'staff.changed', 'yellow', 'blue'])
    expect(byPush.messages.map(({ alert }) => alerts.get(alert ?? ''))).toEqual(['red', 'orange', 'yellow', 'blue'])
    expect(byPush.messages[0]).toMatchObject({ noun: 'alerts', template: 'alerts.alert', subscription_id: push.id, handle_hash: push.handle_hash, handle_sealed: sealed('handle'), token_hash: push.token_hash, token_sealed: sealed('token'), quiet_from: '00:00', quiet_to: '00:00', time_zone: 'Asia/Shanghai', level: 'all' })
  })

  it('says when somebody sleeps: red always wakes, orange where they allow it, a drill never', async () => {
    const sleeper = { channel: 'email', quiet_from: '22:00', quiet_to: '07:00' }
    await aSubscriber(world, { ...sleeper, orange_passes: true, locale: 'en' })
    await aSubscriber(world, { ...sleeper, orange_passes: false })
    const hoursOf = async (changes: object) => {
      const { identifier } = await out(changes)
      await world.sql`update public.outbox set send_after = now() - interval '1 second'`
      const { messages } = await mails.claim('w', 20, 60)
      return Object.fromEntries(messages.filter(({ alert }) => alert === identifier).map(({ locale, quiet_from: from, quiet_to: to }) => [locale, `${from}–${to}`]))
    }

    expect(await hoursOf({ colour: 'yellow' })).toEqual({ en: '22:00–07:00', zh: '22:00–07:00' })
    expect(await hoursOf({ colour: 'orange' })).toEqual({ en: '00:00–00:00', zh: '22:00–07:00' })
    expect(await hoursOf({ colour: 'red' })).toEqual({ en: '00:00–00:00', zh: '00:00–00:00' })
    expect(await hoursOf({ colour: 'red', is_exercise: true })).toEqual({ en: '22:00–07:00', zh: '22:00–07:00' })
  })

  it('never what has run out, whose reader has left, or what a later message took the place of, and all of it is settled', async () => {
    for (let n = 0; n < 5; n++) await aSubscriber(world)
    const late = await out()
    await passTo(late, new Date(Date.now() - 1000).toISOString())

    expect(await mails.claim('w', 2, 60, 'webpush')).toMatchObject({ messages: [], next_in_seconds: 0 })
    expect((await rowsOf(world, late.identifier)).map(({ status, last_error: why }) => `${status} ${why}`)).toEqual(Array.from({ length: 5 }, () => 'cancelled expired'))

    const withdrawn = await out()
    const { messages: [held] } = await mails.claim('w', 1, 60, 'webpush')
    await cancel(withdrawn)
    await mails.settle('w', { id: held?.id ?? 0, outcome: 'retry', error: 'dropped', after_seconds: 0 })
    await mails.claim('w', 20, 60, 'webpush')
    expect(new Set((await rowsOf(world, withdrawn.identifier)).map(({ status, last_error: why }) => `${status} ${why}`))).toEqual(new Set(['cancelled withdrawn']))
  })

  it('a push address that is gone ends its subscription; the question to a letter box goes while it waits for the answer', async () => {
    const gone = await aSubscriber(world)
    await out()
    const { messages: [message] } = await mails.claim('w', 1, 60, 'webpush')
    await mails.settle('w', { id: message?.id ?? 0, outcome: 'cancelled', error: 'gone', is_gone: true })
    const wish = aMailWish()
    await ask(world, 'subscribe_to_alerts', wish)

    expect(await ask(world, 'read_subscription', { token_hash: gone.token_hash })).toMatchObject({ subscription: { state: 'ended', handle_sealed: null } })
    expect((await mails.claim('w', 20, 60)).messages).toMatchObject([{ template: 'alerts.confirm', subscription_id: wish.id, params_sealed: sealed('{}'), alert: null }])
    await leave(world, wish as { token_hash: string } & object)
  })
})

describe('by Telegram', () => {
  it('what people say to each other first, then red, then the rest; of one chat the more urgent first', async () => {
    const [both, other] = [await inChat(), await inChat()]
    const yellow = await out({ colour: 'yellow' })
    const red = await out({ colour: 'red' })
    await world.sql`insert into public.outbox (channel, template, noun, recipient_sealed, locale, chat_hash) values ('telegram', 'chat.notice', 'chat', ${sealed('x')}, 'zh', ${aHash()})`

    const { messages, next_in_seconds: next } = await telegram.claim('w', 30, 60)

    expect(messages.map(({ alert, template }) => alert ?? template)).toEqual(['chat.notice', red.identifier, red.identifier])
    expect(messages.slice(1).map(({ chat_hash: chat, handle_sealed: handle }) => [chat, handle])).toEqual([[both.chat_hash, sealed('handle')], [other.chat_hash, sealed('handle')]])
    expect(next).toBeGreaterThan(0.5)
    for (const { id, chat_hash: chat } of messages) await telegram.settle('w', { id, chat_hash: chat, outcome: 'sent', sent_by: 'telegram', message_id: id })
    await world.sql`update private.bot_chats set next_at = '-infinity'`
    expect((await telegram.claim('w', 30, 60)).messages.map(({ alert }) => alert)).toEqual([yellow.identifier, yellow.identifier])
  })

  it('never what has run out or was withdrawn, nor to whoever blocked the bot', async () => {
    const [blocked, reads] = [await inChat(), await inChat()]
    const late = await out()
    await passTo(late, new Date(Date.now() - 1000).toISOString())
    await world.sql`insert into private.bot_chats (chat_hash, blocked_at) values (${blocked.chat_hash ?? ''}, now())`

    expect((await telegram.claim('w', 30, 60)).messages).toEqual([])
    expect((await rowsOf(world, late.identifier)).map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
    await out()
    expect((await telegram.claim('w', 30, 60)).messages.map(({ subscription_id: to }) => to)).toEqual([reads.id])
  })

  it('whoever blocks the bot has left: their chat is forgotten', async () => {
    const gone = await inChat()
    await out()
    const { messages: [message] } = await telegram.claim('w', 30, 60)
    await telegram.settle('w', { id: message?.id ?? 0, chat_hash: gone.chat_hash ?? '', outcome: 'cancelled', error: 'blocked', is_blocked: true })

    expect(await world.sql`select state, ended_by, handle_sealed, chat_hash from private.alert_subscriptions where id = ${gone.id}`).toEqual([{ state: 'ended', ended_by: 'blocked', handle_sealed: null, chat_hash: null }])
  })
})
