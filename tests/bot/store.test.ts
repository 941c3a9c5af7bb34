import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chatHash, keepUpdates } from '../../server/domain/chat/bot-updates.ts'
import { Person } from '../telegram/person.ts'
import { startBotStation, type BotStation, type RunningBot } from './bot-station.ts'
import { heardIn } from './echo.ts'

let station: BotStation
const running: RunningBot[] = []
const start = async (options?: Parameters<BotStation['startBot']>[0]) => {
  const bot = await station.startBot(options)
  running.push(bot)
  return bot
}

beforeAll(async () => {
  station = await startBotStation()
})
afterEach(async () => {
  for (const bot of running.splice(0)) await bot.kill()
})
afterAll(() => station?.stop())

/** Somebody sends a photo whose download waits; ends when the bot has asked for it. */
async function holdsADownload(lin: Person) {
  let release = () => {}
  station.api.downloadsWait.push(new Promise<void>((resolve) => {
    release = resolve
  }))
  const before = station.api.downloads
  await lin.sendsPhoto(Buffer.alloc(3000, 7), { caption: 'the door' })
  await until(() => Promise.resolve(station.api.downloads > before))
  return release
}
const workOn = async (chat: number) => (await station.backend.sql<{ turns: string, attempts: number }[]>`select (select count(*) from private.chat_turns t join private.chat_conversations c on c.id = t.conversation_id where c.key_hash = u.chat_hash) as turns, u.attempts from private.bot_updates u where u.chat_hash = ${chatHash(station.services.keys, chat)}`).map(({ turns, attempts }) => ({ turns: Number(turns), attempts }))
const handled = async () => Number((await station.backend.sql<{ n: string }[]>`select count(*) as n from private.bot_updates where handled_at is null`)[0]?.n) === 0
async function until(what: () => Promise<boolean>, ms = 20_000) {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 50))) if (await what()) return
  throw new Error('it did not come to that')
}

describe('the way of an update through the bot (RULES H1, H2)', () => {
  it('is answered in its chat; a place, a file and a button are turns, too', async () => {
    await start()
    const lin = new Person(station.api)

    await lin.says('hello')
    await lin.hears('1: hello')
    await lin.taps('More')
    await lin.hears('2: more')
    await lin.sendsPlace(39.9, 116.4)
    await lin.hears('3: 39.9,116.4')
    await lin.sendsPhoto(Buffer.alloc(3000, 7), { caption: 'the door' })

    await lin.hears('4: the door file image/jpeg 3000')
    expect(station.api.queries.size).toBe(0)
  })

  it('a file over 20 MB is not fetched: the turn says why', async () => {
    await start()
    const lin = new Person(station.api)

    await lin.sendsVideo(Buffer.from('…'), 21 * 1024 * 1024)

    await lin.hears('1: file too_large')
    expect(station.api.calls.filter(({ method }) => method === 'getFile').some(({ at }) => at > performance.now() - 2000)).toBe(false)
  })

  it('a double tap is one; the same button of a message further up is meant when it is used later', async () => {
    await start()
    const lin = new Person(station.api)
    await lin.says('one')
    await lin.hears('1: one')
    const [first, second] = [lin.tapOn('More'), lin.tapOn('More')]

    await station.api.push(lin.chat, first)
    await station.api.push(lin.chat, second)
    await lin.hears('2: more')
    await until(handled)

    expect(await heardIn(station.services, lin.chat)).toEqual(['one', 'more'])
  })

  it('updates that come twice or in the wrong order are handled once and in order', async () => {
    const lin = new Person(station.api)
    const [a, b, c] = [lin.writes('a'), lin.writes('b'), lin.writes('c')]
    await keepUpdates(station.services, [c])
    await keepUpdates(station.services, [b, a, b])
    await keepUpdates(station.services, [a, c])

    await start({ isWorker: true })
    await until(handled)
    await keepUpdates(station.services, [c, a])
    await new Promise(resolve => setTimeout(resolve, 400))

    expect(await heardIn(station.services, lin.chat)).toEqual(['a', 'b', 'c'])
  })

  it('many workers, two of them killed with -9 in the middle: each update once, in the order of its chat', async () => {
    const people = Array.from({ length: 12 }, () => new Person(station.api))
    const words = ['1', '2', '3', '4', '5', '6', '7', '8']
    const mortal = [await start({ isWorker: true }), await start({ isWorker: true })]
    const feed = (async () => {
      for (const word of words) {
        await keepUpdates(station.services, people.map(person => person.writes(word)))
        await new Promise(resolve => setTimeout(resolve, 30))
      }
    })()
    await new Promise(resolve => setTimeout(resolve, 90))
    await mortal[0]?.kill()
    await new Promise(resolve => setTimeout(resolve, 60))
    await mortal[1]?.kill()
    await feed
    await start({ isWorker: true })
    await start({ isWorker: true })
    await until(handled, 90_000)

    for (const person of people) expect(await heardIn(station.services, person.chat)).toEqual(words)
    const [row] = await station.backend.sql<{ turns: string }[]>`select count(*) as turns from private.chat_turns t join private.chat_conversations c on c.id = t.conversation_id where c.key_hash = any (${people.map(({ chat }) => chatHash(station.services.keys, chat))})`
    expect(Number(row?.turns)).toBe(people.length * words.length)
  }, 150_000)

  it('a turn that fails each time is given up with a sentence, and its chat goes on', async () => {
    await start()
    const lin = new Person(station.api, { language: 'en' })
    await lin.says('/fail')
    await lin.says('after it')
    const waits = async () => !(await handled())
    await until(waits)
    await until(async () => {
      await station.backend.sql`update private.bot_updates set try_at = '-infinity' where handled_at is null`
      return handled()
    }, 30_000)

    await lin.hears('could not be handled')
    await lin.hears('1: after it')
  })

  it('after kill -9 in mid-dialogue another process goes on where it stood', async () => {
    const bot = await start()
    const lin = new Person(station.api)
    await lin.says('first')
    await lin.hears('1: first')
    await bot.kill()
    await lin.says('second')
    await start()

    await lin.hears('2: second')
  })

  it('who was in the hands of a worker that was killed with -9 waits for seconds', async () => {
    const bot = await start()
    const lin = new Person(station.api)
    const release = await holdsADownload(lin)
    await bot.kill()
    const [dead] = await station.backend.sql<{ rest: string }[]>`select extract(epoch from leased_until - clock_timestamp()) as rest from private.bot_updates where leased_until is not null`
    release()
    await start({ isWorker: true })

    await lin.hears('1: the door file image/jpeg 3000', { ms: 40_000 })

    expect(Number(dead?.rest)).toBeLessThanOrEqual(6)
    expect(await workOn(lin.chat)).toEqual([{ turns: 1, attempts: 2 }])
  })

  it('a download that takes longer than the lease is nobody else\'s', async () => {
    await start()
    await start({ isWorker: true })
    const lin = new Person(station.api)
    const before = station.api.downloads
    const release = await holdsADownload(lin)
    await new Promise(resolve => setTimeout(resolve, 8500))
    release()

    await lin.hears('1: the door file image/jpeg 3000')

    expect(station.api.downloads - before).toBe(1)
    expect(await workOn(lin.chat)).toEqual([{ turns: 1, attempts: 1 }])
  })

  it('a worker that was paused beyond its lease finds the work done: its commit rolls back, nothing is said twice', async () => {
    const slow = await start()
    const lin = new Person(station.api)
    const release = await holdsADownload(lin)
    slow.pause()
    await start({ isWorker: true })
    await lin.hears('1: the door file image/jpeg 3000', { ms: 40_000 })
    slow.resume()
    release()
    await lin.says('and now?')

    await lin.hears('2: and now?')
    await until(handled)
    await new Promise(resolve => setTimeout(resolve, 1500))

    expect(await heardIn(station.services, lin.chat)).toEqual(['the door file image/jpeg 3000', 'and now?'])
    expect(lin.answers).toHaveLength(2)
    expect((await workOn(lin.chat)).map(({ turns }) => turns)).toEqual([2, 2])
  })

  it('SIGTERM lets what is under way end, and leaves nothing held', async () => {
    const bot = await start()
    const lin = new Person(station.api)
    await lin.says('bye')

    expect(await bot.stop()).toBe(0)

    const held = await station.backend.sql`select 1 from private.bot_updates where leased_until > now() and handled_at is null`
    expect(held).toEqual([])
  })

  it('neither words nor chats nor files are in what it writes, whatever fails', async () => {
    const bot = await start()
    const lin = new Person(station.api)
    await lin.says('somebody stole my bicycle')
    await lin.hears('1: somebody')
    station.api.plan({ method: 'getFile', fate: 'refuse', code: 400, description: `Bad Request: file of ${lin.chat} is gone` })
    await lin.sendsPhoto(Buffer.alloc(3000, 7), { caption: 'of my bicycle' })
    await until(() => Promise.resolve(bot.output().includes('getFile')))
    await lin.hears('2: of my bicycle', { ms: 30_000 })
    const voice = await lin.sendsVoice(Buffer.alloc(500))
    const path = voice.message?.voice?.file_id ?? ''
    station.api.files.delete(path)
    await until(() => Promise.resolve(/a file of Telegram|getFile[^]*getFile/.test(bot.output())))
    await station.backend.sql`delete from private.bot_updates`
    station.api.plan({ method: 'sendMessage', chat: lin.chat, fate: 'refuse', code: 400, description: `Bad Request: chat ${lin.chat} not found` })
    await lin.says('/fail')
    await lin.says('and my helmet')
    await new Promise(resolve => setTimeout(resolve, 800))

    expect(bot.output()).toContain('this turn fails')
    expect(path).toMatch(/^f[0-9a-f]{32}$/)
    expect(bot.output()).not.toMatch(new RegExp(`bicycle|helmet|${lin.chat}|${station.api.apiRoot}|fake-token|${[...station.api.files.keys(), path].join('|')}`))
    await station.backend.sql`delete from private.bot_updates`
  })
})

describe('leaving (/exit)', () => {
  it('deletes what Telegram lets the bot delete, and all that is kept', async () => {
    await start()
    const lin = new Person(station.api)
    await lin.says('hello')
    await lin.hears('1: hello')
    await lin.taps('More')
    await lin.hears('2: more')
    await lin.says('/exit')
    const said = await lin.hears('四十八小时')
    expect(said.text).toContain('请您自己清除')
    expect(await heardIn(station.services, lin.chat)).toEqual(['hello', 'more'])
    await lin.taps('现在清除')
    await until(async () => lin.screen.length === 0)

    await until(handled)
    expect(await heardIn(station.services, lin.chat)).toEqual([])
    const [left] = await station.backend.sql<{ n: string }[]>`select (select count(*) from private.chat_conversations where key_hash = ${chatHash(station.services.keys, lin.chat)}) + (select count(*) from private.bot_messages where chat_hash = ${chatHash(station.services.keys, lin.chat)}) as n`
    expect(Number(left?.n)).toBe(0)
  })

  it('while Telegram does not answer nothing is forgotten: it is done again', async () => {
    await start()
    const lin = new Person(station.api)
    await lin.says('hello')
    await lin.hears('1: hello')
    station.api.plan({ method: 'deleteMessages', fate: 'refuse', code: 500 })
    await lin.says('/delete')

    await lin.hears('all gone')
    expect(lin.screen.map(({ text }) => text)).toEqual(['all gone'])
    expect(station.api.calls.filter(({ method, params }) => method === 'deleteMessages' && params.chat_id === lin.chat).map(({ status }) => status)).toEqual([500, 200])
  })
})

describe('who the bot does not talk with', () => {
  it('in a group it says once where to find it, and to nobody else a word', async () => {
    await start()
    const group = -100_500
    const lin = new Person(station.api, { group, language: 'en' })
    await lin.says('good morning everybody')
    await lin.says('/report')

    await lin.hears('https://t.me/linli_test_bot')
    expect(lin.answers).toHaveLength(1)
  })

  it('what says nothing ends without a word; a sticker gets one', async () => {
    await start()
    const lin = new Person(station.api, { language: 'en' })
    const from = { message_id: 900_001, date: 1, chat: { id: lin.chat, type: 'private' as const, first_name: 'Lin' }, from: lin.user }
    await station.api.push(lin.chat, lin.update({ my_chat_member: { chat: from.chat, from: lin.user, date: 1, old_chat_member: { status: 'member', user: lin.user }, new_chat_member: { status: 'kicked', user: lin.user, until_date: 0 } } }))
    await station.api.push(lin.chat, lin.update({ message: { ...from, sticker: { file_id: 's', file_unique_id: 's', type: 'regular', width: 1, height: 1, is_animated: false, is_video: false } } }))

    await lin.hears('cannot read this kind')
    expect(lin.answers).toHaveLength(1)
  })
})
