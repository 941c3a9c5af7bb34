import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aHash, answerOf, sealed, type Answer } from './reports-builder.ts'
import { type World, buildWorld } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})
afterAll(() => world?.close())

/** What finds a conversation that nobody began yet. */
const aKey = (channel: 'web' | 'telegram' = 'web') => ({ channel, key_hash: aHash() })
type Key = ReturnType<typeof aKey>
const aReplyRow = (changes: object = {}) => ({ id: randomUUID(), sealed: sealed('reply'), ...changes })
const aTurn = (key: Key, changes: object = {}) => ({
  ...key, id: randomUUID(), locale: 'zh', turn_no: 0, request_hash: aHash(), state_sealed: sealed('state'), said_sealed: sealed('said'), replies: [aReplyRow()],
  ...(key.channel === 'telegram' && { handle_sealed: sealed('handle') }), ...changes,
})
const commit = (p: object): Promise<Answer> => answerOf(world.server.rpc('commit_turn', { p }))
const load = (p: object): Promise<Answer> => answerOf(world.server.rpc('load_conversation', { p }))

describe('a conversation', () => {
  it('begins with its first turn and is found again by the hash of its secret', async () => {
    const key = aKey()
    expect(await load(key)).toMatchObject({ ok: true, conversation: null, replay: null })
    const first = aTurn(key)

    expect(await commit(first)).toMatchObject({ ok: true, is_replay: false, turn_no: 1 })

    expect(await load({ ...key, turns: 5 })).toMatchObject({
      conversation: { id: first.id, channel: 'web', locale: 'zh', turn_no: 1, state_sealed: first.state_sealed, thread: null,
        turns: [{ turn_no: 1, said_sealed: first.said_sealed, replies: [{ id: first.replies[0]?.id, sealed: first.replies[0]?.sealed }] }] },
    })
    expect((await load(key)).conversation, 'without being asked for').toMatchObject({ turns: [] })
    expect(await load({ ...aKey(), turns: 5 })).toMatchObject({ conversation: null })
  })

  it('of two turns at once one is committed, the other is told to read again', async () => {
    const key = aKey()
    const first = aTurn(key)
    await commit(first)
    const second = (text: string) => aTurn(key, { id: first.id, turn_no: 1, state_sealed: sealed(text) })

    const answers = await Promise.all([commit(second('one')), commit(second('two'))])

    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: 'conflict' })
    expect(await load(key)).toMatchObject({ conversation: { turn_no: 2 } })
  })

  it('two browsers\' tabs that begin it together make one', async () => {
    const key = aKey()

    const answers = await Promise.all([commit(aTurn(key)), commit(aTurn(key))])

    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(await world.sql`select from private.chat_conversations where key_hash = ${key.key_hash}`).toHaveLength(1)
  })

  it('a repeated request is answered as it was, and changes nothing', async () => {
    const key = aKey('telegram')
    const first = aTurn(key)
    await commit(first)
    await commit(aTurn(key, { id: first.id, turn_no: 1 }))

    const again = await commit({ ...first, state_sealed: sealed('other'), replies: [aReplyRow()] })

    expect(again).toMatchObject({ ok: true, is_replay: true, turn_no: 1, replies: [{ id: first.replies[0]?.id }] })
    expect(await load({ ...key, request_hash: first.request_hash })).toMatchObject({ replay: { turn_no: 1 }, conversation: { turn_no: 2 } })
    expect(await world.sql`select from public.outbox where noun = 'chat' and noun_id = ${first.replies[0]?.id ?? ''}`).toHaveLength(1)
  })

  it('queues what Telegram is to send, in order; a browser gets its answer by itself', async () => {
    const [onTelegram, onWeb] = [aTurn(aKey('telegram'), { replies: [aReplyRow(), aReplyRow(), aReplyRow()] }), aTurn(aKey())]
    await commit(onTelegram)
    await commit(onWeb)

    const queued = await world.sql`select channel, template, noun_id, recipient_sealed from public.outbox where noun = 'chat' and noun_id in ${world.sql([...onTelegram.replies, ...onWeb.replies].map(({ id }) => id))} order by id`

    expect(queued.map(row => row.noun_id)).toEqual(onTelegram.replies.map(({ id }) => id))
    expect(queued[0]).toMatchObject({ channel: 'telegram', template: 'chat.reply', recipient_sealed: (onTelegram as { handle_sealed?: string }).handle_sealed })
  })

  it('a receipt is gone with the next turn, and after ten minutes', async () => {
    const key = aKey()
    const first = aTurn(key, { replies: [aReplyRow(), aReplyRow({ is_once: true })] })
    await commit(first)
    expect((await load({ ...key, turns: 5 })).conversation).toMatchObject({ turns: [{ replies: first.replies.map(({ id }) => ({ id })) }] })

    await world.sql`update private.chat_replies set at = at - interval '11 minutes' where id = ${first.replies[1]?.id ?? ''}`
    expect((await load({ ...key, turns: 5 })).conversation).toMatchObject({ turns: [{ replies: [{ id: first.replies[0]?.id }] }] })

    await commit(aTurn(key, { id: first.id, turn_no: 1 }))
    expect(await world.sql`select from private.chat_replies where id = ${first.replies[1]?.id ?? ''}`).toHaveLength(0)
  })

  it('words that stand in a report are taken back, from the turn on that began it', async () => {
    const key = aKey()
    const turns = [aTurn(key), aTurn(key), aTurn(key)].map((turn, index, all) => ({ ...turn, id: all[0]!.id, turn_no: index }))
    for (const turn of turns) await commit(turn)

    await commit(aTurn(key, { id: turns[0]!.id, turn_no: 3, said_sealed: undefined, forget_from: 2 }))

    const { turns: kept } = (await load({ ...key, turns: 9 })).conversation as { turns: { said_sealed: string | null, replies: unknown[] }[] }
    expect(kept.map(({ said_sealed: said, replies }) => [said !== null, replies.length])).toEqual([[true, 1], [false, 0], [false, 0], [false, 1]])
  })

  it('goes to a person, tells them what is said, comes back and is rated, each with its turn', async () => {
    await world.sql`update public.stations set is_default = (id = ${world.station.home})`
    const key = aKey('telegram')
    const first = aTurn(key)
    const thread = { id: randomUUID(), conversation: first.id, channel: 'telegram', locale: 'zh', handle_sealed: sealed('handle'), messages: [{ id: randomUUID(), from: 'resident', text_sealed: sealed('before') }] }
    await commit({ ...first, thread })
    expect(await load(key)).toMatchObject({ conversation: { thread: { id: thread.id, state: 'waiting' } } })

    await commit(aTurn(key, { id: first.id, turn_no: 1, thread_message: { conversation: first.id, id: randomUUID(), text_sealed: sealed('and this') } }))
    expect(await world.sql`select from private.chat_thread_messages where thread_id = ${thread.id}`).toHaveLength(2)

    await commit(aTurn(key, { id: first.id, turn_no: 2, leaves_thread: true }))
    expect(await load(key)).toMatchObject({ conversation: { thread: { id: thread.id, state: 'closed' } } })
    const late = await world.server.rpc('commit_turn', { p: aTurn(key, { id: first.id, turn_no: 3, thread_message: { conversation: first.id, id: randomUUID(), text_sealed: sealed('too late') } }) })
    expect(late.error).toMatchObject({ details: 'conflict' })
    expect(await load(key), 'nothing of that turn stays').toMatchObject({ conversation: { turn_no: 3 } })

    await commit(aTurn(key, { id: first.id, turn_no: 3, rating: 4 }))
    expect(await load(key)).toMatchObject({ conversation: { thread: null } })
  })

  it('ends when its resident says so, and nothing of it stays', async () => {
    const key = aKey()
    await commit(aTurn(key))

    expect(await answerOf(world.server.rpc('forget_conversation', { p: key }))).toEqual({ ok: true, forgotten: true })

    expect(await load(key)).toMatchObject({ conversation: null })
    expect(await answerOf(world.server.rpc('forget_conversation', { p: key }))).toEqual({ ok: true, forgotten: false })
  })

  it('is purged after thirty idle days, a receipt after ten minutes; a dry run only counts', async () => {
    const [idle, fresh] = [aKey(), aKey()]
    const shown = aTurn(fresh, { replies: [aReplyRow({ is_once: true })] })
    await commit(aTurn(idle))
    await commit(shown)
    await world.sql`update private.chat_conversations set updated_at = updated_at - interval '31 days' where key_hash = ${idle.key_hash}`
    await world.sql`update private.chat_replies set at = at - interval '11 minutes' where id = ${shown.replies[0]?.id ?? ''}`
    const dry = await answerOf(world.server.rpc('purge_chats', { p: { limit: 100, is_dry: true } }))
    expect(Number(dry.conversations)).toBeGreaterThanOrEqual(1)
    expect(Number(dry.receipts)).toBeGreaterThanOrEqual(1)
    expect(await load(idle)).not.toMatchObject({ conversation: null })

    await answerOf(world.server.rpc('purge_chats', { p: { limit: 5000 } }))

    expect(await load(idle)).toMatchObject({ conversation: null })
    expect(await load({ ...fresh, turns: 1 })).toMatchObject({ conversation: { turns: [{ replies: [] }] } })
  })

  it('floods are held back by the windows that the surface names', async () => {
    const limits = [{ bucket: `chat:${randomUUID()}`, times: 2, seconds: 600 }]
    const key = aKey()
    await load({ ...key, limits })
    await load({ ...key, limits })

    expect(await load({ ...key, limits })).toMatchObject({ ok: false, code: 'rate_limited' })
  })
})
