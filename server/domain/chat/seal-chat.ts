import { openText, sealText } from '../trust/envelope.ts'
import type { KeyRing } from '../trust/key-ring.ts'

/** What of a conversation is sealed; the words of a thread are thread-texts.ts. */
export type ChatField = 'state' | 'said' | 'reply' | 'handle'

const about = (conversation: string, field: ChatField) => `chat:${conversation}:${field}`

/** Seals a text of a conversation; it opens in no other conversation and as no other field. */
export function sealChat({ secret }: KeyRing, conversation: string, field: ChatField, text: string): string {
  const { id, key } = secret('chat')
  return sealText(key, text, about(conversation, field), id)
}

/** Opens what `sealChat` made. @throws SealError */
export function openChat({ secret }: KeyRing, conversation: string, field: ChatField, sealed: string): string {
  return openText(secret('chat').key, sealed, about(conversation, field))
}

/** What a conversation is found by: a keyed hash of the cookie's secret or of the chat id. */
export const conversationHash = (keys: KeyRing, channel: 'web' | 'telegram', secret: string): string => keys.keyedHash('index', `chat ${channel} ${secret}`)

/** What a turn is known by: a keyed hash of the update or of the form's key. */
export const requestHash = (keys: KeyRing, request: string): string => keys.keyedHash('index', `chat turn ${request}`)
