import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { botQueries } from '../../server/db/bot.ts'
import { chatHash, updateHash } from '../../server/domain/chat/bot-updates.ts'
import { sealNotice } from '../../server/domain/chat/telegram-handle.ts'
import { Person } from '../telegram/person.ts'
import { startBotStation, type BotStation, type RunningBot } from './bot-station.ts'

let station: BotStation
const running: RunningBot[] = []
const start = async () => void running.push(await station.startBot({ isWorker: true }))

beforeAll(async () => {
  station = await startBotStation()
})
afterEach(async () => {
  for (const bot of running.splice(0)) await bot.kill()
  await station.backend.sql`delete from public.outbox`
  await station.backend.sql`update private.bot_pace set next_at = '-infinity', refused_in_row = 0`
})
afterAll(() => station?.stop())

let number = 1
/** Queues words for chats, as a worker does at the end of an update. */
async function say(chats: number[], words: (n: number) => string[]) {
  const { keys, clients } = station.services
  for (const [n, chat] of chats.entries()) {
    const [hash, chat_hash] = [updateHash(keys, number++), chatHash(keys, chat)]
    await botQueries(clients).receive([{ hash, previous_hash: updateHash(keys, 0), place: number, chat_hash, is_group: chat < 0, body_sealed: 'v1.x', message_id: null }])
    await botQueries(clients).finish({ hash, chat_hash, notices: words(n).map(text => sealNotice(keys, chat_hash, chat, { locale: 'en', text })) })
  }
}
const chatsOf = (count: number, from = 7_000_000) => Array.from({ length: count }, (_, n) => from + n)
const sends = (chats: number[]) => station.api.calls.filter(({ method, params }) => method === 'sendMessage' && chats.includes(Number(params.chat_id)))
async function sent(count: number, mark: string, ms = 50_000) {
  const got = () => station.api.said.filter(({ by, text }) => by === 'bot' && text.startsWith(mark))
  for (const end = Date.now() + ms; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 30))) if (got().length >= count) return got()
  throw new Error(`${got().length} of ${count} were sent`)
}

describe('sending by Telegram, by two workers at once (RULES H2)', () => {
  it('keeps 30 a second overall and one a second in a chat, all but without being told', async () => {
    const [many, few] = [chatsOf(90), chatsOf(3, 7_100_000)]
    const closedBefore = station.api.flood.closings.length
    await say(few, n => [`pace ${n} a`, `pace ${n} b`, `pace ${n} c`])
    await say(many, n => [`pace many ${n}`])
    const startedAt = performance.now()
    await start()
    await start()

    const got = await sent(99, 'pace')

    // At least what the limit asks; how much more is the machine's load (npm run bench -- telegram measures it).
    expect(performance.now() - startedAt).toBeGreaterThan(3000)
    // 34 ms leave 14 of a second. Only where the machine held a call up for longer may Telegram have had to say so; all are sent all the same.
    const calls = sends([...many, ...few])
    const heldUp = calls.filter(({ at, status }, n) => status === 200 && calls[n - 1]?.status === 200 && at - (calls[n - 1]?.at ?? at) > 48)
    expect(station.api.flood.closings.length - closedBefore).toBeLessThanOrEqual(heldUp.length)
    expect(got).toHaveLength(99)
    for (const [n] of few.entries()) expect(got.filter(({ text }) => text.startsWith(`pace ${n} `)).map(({ text }) => text.at(-1))).toEqual(['a', 'b', 'c'])
  })

  it('a group gets 20 a minute at most', async () => {
    await say([-100_777], () => ['group 1', 'group 2', 'group 3'])
    const startedAt = performance.now()
    await start()

    await sent(3, 'group')

    expect(performance.now() - startedAt).toBeGreaterThan(6000)
  })

  it('a 429 for one chat pauses that chat only, for as long as it said', async () => {
    const [slow, ...others] = chatsOf(12, 7_200_000) as [number, ...number[]]
    station.api.plan({ method: 'sendMessage', chat: slow, fate: 'refuse', code: 429, retryAfter: 8 })
    await say([slow, ...others], n => [`one chat ${n}`])
    await start()
    await start()

    await sent(others.length + 1, 'one chat')

    const [first, second] = sends([slow])
    // Nobody else was told to wait, nor waited: on the slowest machine some came before the one that had to.
    expect(sends(others).filter(({ at }) => at > (first?.at ?? 0) && at < (second?.at ?? 0))).not.toEqual([])
    expect(sends(others).map(({ status }) => status)).toEqual(others.map(() => 200))
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(8000)
    expect(sends([slow])).toHaveLength(2)
  })

  it('when Telegram refuses everybody all workers wait, and at most those under way came too early', async () => {
    const before = station.api.flood.violations
    const chats = chatsOf(15, 7_300_000)
    station.api.plan({ method: 'sendMessage', fate: 'refuse', code: 429, retryAfter: 3, scope: 'all' })
    await say(chats, n => [`everybody ${n}`])
    await start()
    await start()

    await sent(chats.length, 'everybody')

    expect(station.api.flood.violations - before).toBeLessThanOrEqual(8)
  })

  it('a 500, a line that broke before and one after Telegram took it: nothing is lost', async () => {
    const chats = chatsOf(3, 7_400_000)
    const [ill, broken, lost] = chats as [number, number, number]
    station.api.plan({ method: 'sendMessage', chat: ill, fate: 'refuse', code: 500 })
    station.api.plan({ method: 'sendMessage', chat: broken, fate: 'drop' })
    station.api.plan({ method: 'sendMessage', chat: lost, fate: 'lose' })
    await say(chats, n => [`trouble ${n}`])
    await start()

    // The third went out and was not marked: it comes twice, as docs/decisions/telegram.md says.
    const got = await sent(4, 'trouble')

    expect(got.filter(({ chat }) => chat === lost)).toHaveLength(2)
    expect(new Set(got.map(({ chat }) => chat)).size).toBe(3)
  })

  it('what a worker held that was killed with -9 goes out within seconds; at most those between answer and mark go out twice', async () => {
    const chats = chatsOf(40, 7_600_000)
    await say(chats, n => [`killed ${n}`])
    await start()
    await sent(6, 'killed')
    await running.pop()?.kill()
    const [dead] = await station.backend.sql<{ rest: string | null }[]>`select extract(epoch from max(leased_until) - clock_timestamp()) as rest from public.outbox`
    await start()

    await sent(chats.length, 'killed')
    const every = () => new Set(sends(chats).filter(({ status }) => status === 200).map(({ params }) => params.chat_id)).size
    for (let n = 0; n < 400 && every() < chats.length; n++) await new Promise(resolve => setTimeout(resolve, 50))

    expect(every()).toBe(chats.length)
    expect(Number(dead?.rest)).toBeLessThanOrEqual(6)
    expect(station.api.said.filter(({ text }) => text.startsWith('killed')).length - chats.length).toBeLessThanOrEqual(4)
  })

  it('what Telegram will never take is a dead letter, with our word for why and no other', async () => {
    const [gone] = chatsOf(1, 7_500_000) as [number]
    station.api.plan({ method: 'sendMessage', chat: gone, fate: 'refuse', code: 400, description: 'Bad Request: chat not found' })
    await say([gone], () => ['dead'])
    await start()

    let row: { status: string, last_error: string | null } | undefined
    for (let n = 0; n < 100 && row?.status !== 'dead'; n++) {
      [row] = await station.backend.sql<{ status: string, last_error: string | null }[]>`select status, last_error from public.outbox`
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    expect(row).toEqual({ status: 'dead', last_error: 'telegram_400' })
  })

  it('whoever blocked the bot is sent nothing more; writing to it lets it in again', async () => {
    const lin = new Person(station.api)
    station.api.blocked.add(lin.chat)
    await say([lin.chat], () => ['blocked 1', 'blocked 2'])
    await start()
    await new Promise(resolve => setTimeout(resolve, 2500))
    expect(sends([lin.chat])).toHaveLength(1)

    station.api.blocked.delete(lin.chat)
    await say([lin.chat], () => ['blocked 3'])
    const got = await sent(1, 'blocked')

    expect(got.map(({ text }) => text)).toEqual(['blocked 3'])
  })
})

describe('linking an account by a deep link', () => {
  const linkFor = async (persona: { id: string }) => {
    const session = randomUUID()
    await station.backend.sql`insert into auth.sessions (id, user_id, created_at, updated_at) values (${session}, ${persona.id}, now(), now())`
    const { makeTelegramLink } = await import('../../server/domain/accounts/link-telegram.ts')
    return makeTelegramLink(station.services, { userId: persona.id, sessionId: session, email: 'x@example.test' } as Parameters<typeof makeTelegramLink>[1], [])
  }

  it.each([['zh', '关联', '已经和账号', '解除关联', '已解除关联'], ['en', 'Link', 'now linked with the account', 'End the link', 'The link has ended']])('in %s: asked first, done once, ended from the chat', async (language, yes, done, end, ended) => {
    running.push(await station.startBot())
    const amina = await station.backend.createUser('amina_resident')
    const [lin, thief] = [new Person(station.api, { language }), new Person(station.api, { language })]
    const token = (await linkFor(amina)).split('start=')[1]
    const linked = async () => (await station.backend.sql<{ chat_hash: string }[]>`select chat_hash from private.telegram_links where user_id = ${amina.id}`).map(({ chat_hash: hash }) => hash)

    await lin.says(`/start ${token}`)
    await lin.hears('a•••@')
    expect(await linked()).toEqual([])
    await lin.taps(yes)
    await lin.hears(done)
    expect(await linked()).toEqual([chatHash(station.services.keys, lin.chat)])
    await thief.says(`/start ${token}`)
    await thief.hears(language === 'zh' ? '已经用过' : 'was used already')
    await lin.taps(end)

    await lin.hears(ended)
    expect(await linked()).toEqual([])
  })
})
