import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { botQueries, telegramQueue, type NewBotUpdate } from '../../server/db/bot.ts'
import { createClients } from '../../server/db/clients.ts'
import { startTestBackend, type TestBackend } from '../../supabase/embedded/test-backend.ts'
import { sealed } from './reports-builder.ts'

// A store of one's own: every worker of a database takes what is there.
let world: TestBackend
let bot: ReturnType<typeof botQueries>
let outbox: ReturnType<typeof telegramQueue>

beforeAll(async () => {
  world = await startTestBackend()
  const { url, publishableKey, secretKey } = world
  const clients = createClients({ url, publishableKey, secretKey })
  bot = botQueries(clients)
  outbox = telegramQueue(clients)
})
afterAll(() => world?.stop())

const hash = () => `index-1:${randomBytes(32).toString('hex')}`
let place = 1000
/** Updates of one chat in the order of their numbers; each knows the one before. */
function updatesOf(chat: string, count: number): NewBotUpdate[] {
  let previous = hash()
  return Array.from({ length: count }, () => {
    const update = { hash: hash(), previous_hash: previous, place: place++, chat_hash: chat, is_group: false, body_sealed: sealed('body'), message_id: place }
    previous = update.hash
    return update
  })
}
const claimed = async (worker: string, limit = 50, leaseSeconds = 20) => (await bot.claim(worker, limit, leaseSeconds)).updates.map(({ hash: id }) => id)
const soon = (ms = 260) => new Promise(resolve => setTimeout(resolve, ms))
const drain = async () => { await world.sql`delete from private.bot_updates` }

describe('updates', () => {
  it('an update that comes again is kept once, also after it was handled', async () => {
    const [update] = updatesOf(hash(), 1) as [NewBotUpdate]

    const first = await bot.receive([update])
    const again = await bot.receive([update, update])
    await bot.finish({ hash: update.hash, chat_hash: update.chat_hash })
    const afterwards = await bot.receive([update])

    expect([first.received, again.received, afterwards.received]).toEqual([1, 0, 0])
    await soon()
    expect(await claimed('w')).not.toContain(update.hash)
  })

  it('keeps neither words nor number of what was handled', async () => {
    const [update] = updatesOf(hash(), 1) as [NewBotUpdate]
    await bot.receive([update])

    await bot.finish({ hash: update.hash, chat_hash: update.chat_hash })

    const [row] = await world.sql`select body_sealed, place, leased_by from private.bot_updates where update_hash = ${update.hash}`
    expect(row).toEqual({ body_sealed: null, place: null, leased_by: null })
  })

  it('are handed out one of a chat at a time, in the order of their numbers, however they came', async () => {
    await drain()
    const chat = hash()
    const [first, second, third] = updatesOf(chat, 3) as [NewBotUpdate, NewBotUpdate, NewBotUpdate]
    await bot.receive([third])
    await bot.receive([second, first])
    await soon()

    const order: string[] = []
    for (let n = 0; n < 3; n++) {
      const got = await claimed('w')
      expect(await claimed('other')).toEqual([])
      order.push(...got)
      await bot.finish({ hash: got[0] ?? '', chat_hash: chat })
    }

    expect(order).toEqual([first.hash, second.hash, third.hash])
  })

  it('one that may have overtaken another waits for it, a quarter of a second and no longer', async () => {
    await drain()
    const [first, second] = updatesOf(hash(), 2) as [NewBotUpdate, NewBotUpdate]
    await bot.receive([second])

    const atOnce = await bot.claim('w', 10, 20)
    await bot.receive([first])
    await soon()
    const later = await claimed('w')

    expect(atOnce.updates).toEqual([])
    expect(atOnce.next_in_ms).toBeGreaterThan(0)
    expect(atOnce.next_in_ms).toBeLessThanOrEqual(250)
    expect(later).toEqual([first.hash])
  })

  it('of many workers each update has one', async () => {
    await drain()
    const chats = Array.from({ length: 30 }, () => updatesOf(hash(), 2)).flat()
    await bot.receive(chats)
    await soon()

    const got = (await Promise.all(Array.from({ length: 6 }, (_, n) => claimed(`w${n}`, 10)))).flat()

    expect(new Set(got).size).toBe(got.length)
    expect(got.length).toBe(30)
  })

  it('what a dead worker held comes free with its lease, and counts as an attempt', async () => {
    await drain()
    const [update] = updatesOf(hash(), 1) as [NewBotUpdate]
    await bot.receive([update])
    await soon()
    await bot.claim('dead', 10, 0.3)

    const early = await claimed('w')
    await soon(350)
    const { updates: [late] } = await bot.claim('w', 10, 20)

    expect(early).toEqual([])
    expect(late).toMatchObject({ hash: update.hash, attempts: 2 })
  })

  it('a lease that is renewed holds as long as the work goes on, and only for whoever holds it', async () => {
    await drain()
    const [update] = updatesOf(hash(), 1) as [NewBotUpdate]
    await bot.receive([update])
    await soon()
    await bot.claim('slow', 10, 0.4)

    await soon(200)
    const renewed = await bot.renew([update.hash], 'slow', 0.5)
    const foreign = await bot.renew([update.hash], 'other', 60)
    await soon(300)
    const early = await claimed('other')
    await soon(300)
    const late = await claimed('other')
    const tooLate = await bot.renew([update.hash], 'slow', 60)

    expect([renewed.kept, foreign.kept, tooLate.kept]).toEqual([1, 0, 0])
    expect([early, late]).toEqual([[], [update.hash]])
  })

  it('who was paused beyond its lease commits nothing: neither the same turn again, nor a turn of what another ended otherwise', async () => {
    const { server } = createClients(world)
    const [first, second] = updatesOf(hash(), 2) as [NewBotUpdate, NewBotUpdate]
    await bot.receive([first, second])
    const turn = (update: NewBotUpdate, turnNo: number) => ({
      id: conversation, channel: 'telegram', key_hash: first.chat_hash, handle_sealed: sealed('chat'), locale: 'zh', turn_no: turnNo, request_hash: update.hash,
      state_sealed: sealed('state'), said_sealed: sealed('said'), replies: [{ id: randomUUID(), sealed: sealed('reply') }], update: { hash: update.hash },
    })
    const conversation = randomUUID()
    const said = () => world.sql`select (select turn_no from private.chat_conversations where id = ${conversation}) as turns, (select count(*)::int from public.outbox where chat_hash = ${first.chat_hash}) as messages`

    await server.rpc('commit_turn', { p: turn(first, 0) })
    const repeated = await server.rpc('commit_turn', { p: turn(first, 0) })
    await bot.finish({ hash: second.hash, chat_hash: second.chat_hash })
    const late = await server.rpc('commit_turn', { p: turn(second, 1) })

    expect(repeated.data).toMatchObject({ ok: true, is_replay: true })
    expect(late.error).toMatchObject({ code: 'PT409', details: 'conflict' })
    expect(await said()).toEqual([{ turns: 1, messages: 1 }])
    expect(await world.sql`select 1 from private.bot_updates where chat_hash = ${first.chat_hash} and handled_at is null`).toEqual([])
  })

  it('one that is put back waits, and its chat with it', async () => {
    await drain()
    const [first, second] = updatesOf(hash(), 2) as [NewBotUpdate, NewBotUpdate]
    await bot.receive([first, second])
    await soon()
    await bot.claim('w', 10, 20)
    await bot.release(first.hash, 'w', 400)

    const { updates, next_in_ms: next } = await bot.claim('w', 10, 20)
    await soon(420)

    expect(updates).toEqual([])
    expect(next).toBeLessThanOrEqual(400)
    expect(await claimed('w')).toEqual([first.hash])
  })

  it('whoever ends it second is told so, and says nothing', async () => {
    const [update] = updatesOf(hash(), 1) as [NewBotUpdate]
    await bot.receive([update])
    const notice = { recipient_sealed: sealed('chat'), params_sealed: sealed('words'), locale: 'zh' }
    const end = () => bot.finish({ hash: update.hash, chat_hash: update.chat_hash, notices: [notice] })

    const ends = [await end(), await end()]

    const rows = await world.sql`select template from public.outbox where chat_hash = ${update.chat_hash}`
    expect(ends.map(({ is_new: isNew }) => isNew)).toEqual([true, false])
    expect(rows).toEqual([{ template: 'chat.notice' }])
  })

  it('a chat that asked for it is forgotten with the update that asked', async () => {
    const [update] = updatesOf(hash(), 1) as [NewBotUpdate]
    await bot.receive([update])
    expect((await bot.messages(update.chat_hash)).message_ids).toEqual([update.message_id])

    await bot.finish({ hash: update.hash, chat_hash: update.chat_hash, forget: true })

    expect((await bot.messages(update.chat_hash)).message_ids).toEqual([])
  })

  it('after 48 hours nothing of them is left', async () => {
    const [update] = updatesOf(hash(), 1) as [NewBotUpdate]
    await bot.receive([update])
    await bot.finish({ hash: update.hash, chat_hash: update.chat_hash })
    await world.sql`update private.bot_updates set handled_at = now() - interval '49 hours' where update_hash = ${update.hash}`
    await world.sql`update private.bot_messages set at = now() - interval '49 hours' where chat_hash = ${update.chat_hash}`

    const foreseen = await bot.purge(100, true)
    await bot.purge(1000)

    expect(foreseen.updates).toBeGreaterThanOrEqual(1)
    expect(await world.sql`select 1 from private.bot_updates where update_hash = ${update.hash}`).toEqual([])
    expect((await bot.messages(update.chat_hash)).message_ids).toEqual([])
  })
})

describe('sending by Telegram', () => {
  const noticeFor = async (chat: string, count = 1) => {
    const [update] = updatesOf(chat, 1) as [NewBotUpdate]
    await bot.receive([update])
    await bot.finish({ hash: update.hash, chat_hash: chat, notices: Array.from({ length: count }, () => ({ recipient_sealed: sealed('chat'), params_sealed: sealed('words'), locale: 'zh' })) })
    return (await world.sql<{ id: string }[]>`select id from public.outbox where chat_hash = ${chat} order by id`).map(({ id }) => Number(id))
  }
  const empty = async () => {
    await world.sql`delete from public.outbox where channel = 'telegram'`
    await world.sql`update private.bot_pace set next_at = '-infinity', refused_in_row = 0`
  }

  it('gives each message its moment: 34 ms apart overall, whoever asks', async () => {
    await empty()
    for (let n = 0; n < 8; n++) await noticeFor(hash())

    const claims = await Promise.all([outbox.claim('a', 4, 60), outbox.claim('b', 4, 60)])

    // Each claim counts from its own moment; the first to ask has no message to wait for.
    const waits = claims.map(({ messages }) => messages.map(({ wait_ms: wait }) => wait))
    expect(waits).toContainEqual([0, 14, 48, 82])
    for (const each of waits) expect((each[3] ?? 0) - (each[1] ?? 0)).toBe(68)
    const moments = await world.sql<{ gap: string | null }[]>`select extract(milliseconds from c.next_at - lag(c.next_at) over (order by c.next_at)) as gap from private.bot_chats c
      where c.chat_hash in (select o.chat_hash from public.outbox o where o.channel = 'telegram')`
    expect(moments.map(({ gap }) => Number(gap)).sort()).toEqual([0, 34, 34, 34, 34, 34, 34, 34])
  })

  it('after a rest, many begin a little later, so that lines can be opened; a few do not, nor what follows at once', async () => {
    await empty()
    for (let n = 0; n < 11; n++) await noticeFor(hash())

    const [many, following] = [await outbox.claim('a', 4, 60), await outbox.claim('b', 2, 60)]
    await empty()
    for (let n = 0; n < 10; n++) await noticeFor(hash())
    const few = await outbox.claim('a', 2, 60)

    expect(many.messages.map(({ wait_ms: wait }) => wait)).toEqual([200, 234, 268, 302])
    expect(following.messages[0]?.wait_ms).toBeLessThanOrEqual(336)
    expect(few.messages[0]?.wait_ms).toBe(0)
  })

  it('one message of a chat at a time, a second apart, in their order', async () => {
    await empty()
    const ids = await noticeFor(hash(), 3)

    const first = await outbox.claim('w', 10, 60)
    await outbox.settle('w', { id: first.messages[0]?.id ?? 0, chat_hash: first.messages[0]?.chat_hash ?? '', outcome: 'sent', sent_by: 'telegram', message_id: 7 })
    const early = await outbox.claim('w', 10, 60)
    await soon((early.next_in_seconds ?? 2) * 1000 + 30)
    const second = await outbox.claim('w', 10, 60)

    expect(first.messages.map(({ id }) => id)).toEqual([ids[0]])
    expect(early.messages).toEqual([])
    expect(early.next_in_seconds).toBeGreaterThan(0.8)
    expect(second.messages.map(({ id }) => id)).toEqual([ids[1]])
  })

  it('a 429 stops its chat and nobody else; three in a row stop everybody', async () => {
    await empty()
    const chats = [hash(), hash(), hash(), hash(), hash()]
    for (const chat of chats) await noticeFor(chat)
    const { messages } = await outbox.claim('w', 4, 60)
    const refuse = (n: number) => outbox.settle('w', { id: messages[n]?.id ?? 0, chat_hash: messages[n]?.chat_hash ?? '', outcome: 'hold', until: new Date().toISOString(), retry_after: 3 })

    await refuse(0)
    const others = await outbox.claim('w', 1, 60)
    await refuse(1)
    const third = await refuse(2)
    const nobody = await outbox.claim('w', 10, 60)

    expect(others.messages.map(({ chat_hash: chat }) => chat)).not.toContain(messages[0]?.chat_hash)
    expect(others.messages).toHaveLength(1)
    expect(third.is_for_all).toBe(true)
    expect(nobody.messages).toEqual([])
    expect(nobody.next_in_seconds).toBeGreaterThan(2)
  })

  it('who blocked the bot is sent nothing more, until they write again', async () => {
    await empty()
    const chat = hash()
    await noticeFor(chat, 2)
    const { messages: [first] } = await outbox.claim('w', 1, 60)
    await outbox.settle('w', { id: first?.id ?? 0, chat_hash: chat, outcome: 'cancelled', error: 'blocked', is_blocked: true })
    await world.sql`update private.bot_chats set next_at = '-infinity' where chat_hash = ${chat}`

    const blocked = await outbox.claim('w', 10, 60)
    const [left] = await world.sql`select status, last_error from public.outbox where chat_hash = ${chat}`
    await noticeFor(chat)
    const writes = await outbox.claim('w', 10, 60)

    expect(blocked.messages).toEqual([])
    expect(left).toEqual({ status: 'cancelled', last_error: 'blocked' })
    expect(writes.messages.map(({ chat_hash: to }) => to)).toEqual([chat])
  })

  it('a message whose lease is renewed is no other worker\'s; one whose worker died is, when the lease is over', async () => {
    await empty()
    const [id] = await noticeFor(hash())
    await outbox.claim('slow', 1, 0.3)
    await world.sql`update private.bot_chats set next_at = '-infinity'`

    const { kept } = await outbox.renew('slow', [id ?? 0], 0.6)
    await soon(400)
    const early = await outbox.claim('other', 10, 60)
    await soon(300)
    const late = await outbox.claim('other', 10, 60)

    expect([kept, early.messages.length, late.messages.map(message => message.id)]).toEqual([1, 0, [id]])
    expect((await outbox.renew('slow', [id ?? 0], 60)).kept).toBe(0)
  })

  it('leaves no row of what was said in a chat', async () => {
    await empty()
    const [id] = await noticeFor(hash())
    const { messages: [message] } = await outbox.claim('w', 1, 60)

    await outbox.settle('w', { id: message?.id ?? 0, chat_hash: message?.chat_hash ?? '', outcome: 'sent', sent_by: 'telegram', message_id: 9 })

    expect(await world.sql`select 1 from public.outbox where id = ${id ?? 0}`).toEqual([])
    expect((await bot.messages(message?.chat_hash ?? '')).message_ids).toContain(9)
  })

  it('mails are never handed out with it', async () => {
    await empty()
    const { id } = await world.createUser('lead_zhao')
    await world.sql`insert into public.outbox (channel, template, noun, recipient_id, locale) values ('email', 'staff.changed', 'staff', ${id}, 'zh')`

    expect((await outbox.claim('w', 10, 60)).messages).toEqual([])
  })
})
