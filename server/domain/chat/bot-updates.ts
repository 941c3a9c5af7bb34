import { z } from 'zod'
import { botQueries, type ClaimedUpdate, type NewBotUpdate } from '#server/db/bot'
import type { Services } from '../services.ts'
import { openText, sealText } from '../trust/envelope.ts'
import type { KeyRing } from '../trust/key-ring.ts'
import { conversationHash } from './seal-chat.ts'

const chat = z.object({ id: z.number(), type: z.string() })
const withChat = z.object({ chat, message_id: z.number().optional() })
/** As much of an update as has to be known before it is kept. */
const front = z.object({
  update_id: z.number().int(), message: withChat.optional(), my_chat_member: withChat.optional(),
  callback_query: z.object({ message: withChat.optional() }).optional(),
})

/** The kinds of updates that the bot asks Telegram for. */
export const updateKinds = ['message', 'callback_query', 'my_chat_member'] as const

const about = (hash: string) => `bot-update:${hash}`

/** What an update is known by: a keyed hash of its number. */
export const updateHash = (keys: KeyRing, id: number): string => keys.keyedHash('index', `telegram update ${id}`)

/** What a chat is known by: the hash that its conversation is found by. */
export const chatHash = (keys: KeyRing, chatId: number): string => conversationHash(keys, 'telegram', String(chatId))

/**
 * Keeps updates, sealed, before they are answered. What comes again is known by its number; what is of no chat is not for us.
 * @returns how many were new
 */
export async function keepUpdates({ clients, keys }: Pick<Services, 'clients' | 'keys'>, updates: readonly unknown[]): Promise<number> {
  const rows = updates.flatMap(update => rowOf(keys, update))
  if (!rows.length) return 0
  return (await botQueries(clients).receive(rows)).received
}

function rowOf(keys: KeyRing, update: unknown): NewBotUpdate[] {
  const parsed = front.safeParse(update)
  if (!parsed.success) return []
  const { update_id: id, message, callback_query: query, my_chat_member: member } = parsed.data
  const from = message ?? query?.message ?? member
  if (!from) return []
  const hash = updateHash(keys, id)
  const { id: keyId, key } = keys.secret('chat')
  return [{
    hash, previous_hash: updateHash(keys, id - 1), place: id, chat_hash: chatHash(keys, from.chat.id), is_group: from.chat.type !== 'private',
    body_sealed: sealText(key, JSON.stringify(update), about(hash), keyId), message_id: from.chat.type === 'private' ? message?.message_id ?? null : null,
  }]
}

/** Opens a kept update. @throws SealError */
export function openUpdate({ secret }: KeyRing, { hash, body_sealed: sealed }: Pick<ClaimedUpdate, 'hash' | 'body_sealed'>): unknown {
  return JSON.parse(openText(secret('chat').key, sealed, about(hash)))
}
