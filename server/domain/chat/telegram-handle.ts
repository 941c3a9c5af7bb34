import type { SealedNotice } from '#server/db/bot'
import type { Locale } from '#shared/locales'
import { openText, sealText } from '../trust/envelope.ts'
import type { KeyRing } from '../trust/key-ring.ts'

/** Something said that is no turn of a conversation: words, and buttons with an address or with data of the bot's own. */
export interface Notice { locale: Locale, text: string, buttons?: { label: string, data?: string, url?: string }[] }

const aboutHandle = (chatHash: string) => `telegram:${chatHash}`
const aboutNotice = (chatHash: string) => `telegram-notice:${chatHash}`

/** Seals a chat's id for whoever will send to it. */
export function sealHandle({ secret }: KeyRing, chatHash: string, chatId: number): string {
  const { id, key } = secret('chat')
  return sealText(key, String(chatId), aboutHandle(chatHash), id)
}

/** The chat's id. @throws SealError */
export function openHandle({ secret }: KeyRing, chatHash: string, sealed: string): number {
  return Number(openText(secret('chat').key, sealed, aboutHandle(chatHash)))
}

/** A notice for a chat, sealed whole. */
export function sealNotice(keys: KeyRing, chatHash: string, chatId: number, { locale, ...notice }: Notice): SealedNotice {
  const { id, key } = keys.secret('chat')
  return { recipient_sealed: sealHandle(keys, chatHash, chatId), params_sealed: sealText(key, JSON.stringify(notice), aboutNotice(chatHash), id), locale }
}

/** What `sealNotice` sealed. @throws SealError */
export function openNotice({ secret }: KeyRing, chatHash: string, sealed: string): string {
  return openText(secret('chat').key, sealed, aboutNotice(chatHash))
}
