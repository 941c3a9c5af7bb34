import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { describe, expect, it } from 'vitest'
import { parseState } from '#server/chat/dialogue-state'
import { conversationStore } from '#server/domain/chat/conversation-store'
import { readOwnThread } from '#server/domain/chat/own-thread'
import { sealChat } from '#server/domain/chat/seal-chat'
import { sealMessage } from '#server/domain/chat/thread-texts'
import type { Services } from '#server/domain/services'
import { openKeyRing } from '#server/domain/trust/key-ring'

const aRing = () => openKeyRing([{ id: 'k1', key: createSecretKey(randomBytes(32)) }], { list: async () => [], add: async (_id, _purpose, wrapped) => wrapped })
const [ours, gone] = [await aRing(), await aRing()]

/** A portal whose database answers every call with this. */
function portalThatReads(answer: object): Services {
  const server = createClient('http://database.invalid', 'key', { auth: { persistSession: false }, global: { fetch: async () => Response.json(answer) } })
  return { keys: ours, clients: { server, as: () => server, guest: () => server } } as unknown as Services
}

describe('a chat that was kept under a key which is gone', () => {
  const id = randomUUID()
  const at = '2026-11-22T02:00:00Z'

  it('is a state of no version, so that it starts anew with a sentence; what still opens is shown', async () => {
    const services = portalThatReads({ ok: true, now: at, replay: null, conversation: {
      id, channel: 'web', locale: 'zh', user_id: null, state_sealed: sealChat(gone, id, 'state', '{}'), turn_no: 2, thread: null,
      turns: [
        { turn_no: 1, at, said_sealed: sealChat(gone, id, 'said', '{}'), replies: [{ id: randomUUID(), sealed: 'nothing of ours' }] },
        { turn_no: 2, at, said_sealed: sealChat(ours, id, 'said', '{"text":"你好"}'), replies: [] },
      ],
    } })

    const held = await conversationStore(services, { channel: 'web', secret: 'a secret of a cookie' }).load({ turns: 2 })

    expect([held.id, held.turnNo]).toEqual([id, 2])
    expect(parseState(held.state)).toBeUndefined()
    expect(held.turns).toEqual([{ turnNo: 1, at, said: null, replies: [null] }, { turnNo: 2, at, said: { text: '你好' }, replies: [] }])
  })

  it('leaves out what people wrote and nobody can open, and shows the rest', async () => {
    const [lost, kept] = [randomUUID(), randomUUID()]
    const by = { zh: '王民警', en: 'Officer Wang' }
    const services = portalThatReads({
      ok: true, hours: { is_open: true, opens_at: null, closes_at: at, time_zone: 'Asia/Shanghai', from: '09:00', to: '18:00', days: 'working' },
      thread: { id: randomUUID(), state: 'open', channel: 'web', locale: 'zh', opened_at: at, answered_at: at, waiting_since: null, closed_at: null, closed_by: null, rating: null },
      messages: [{ id: lost, number: 1, from: 'staff', by, role: 'officer', at, text_sealed: sealMessage(gone, lost, '旧') }, { id: kept, number: 2, from: 'staff', by, role: 'officer', at, text_sealed: sealMessage(ours, kept, '新') }],
    })

    expect((await readOwnThread(services, id)).messages.map(({ text }) => text)).toEqual(['新'])
  })
})
