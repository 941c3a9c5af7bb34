import type { Command, Reply, Turn } from '#server/chat/turn'
import type { Locale } from '#shared/locales'

/** A turn as Telegram brought it. */
export interface TelegramTurn {
  chatId: number
  /** Of the update that brought it, which ends in the transaction of the turn. */
  updateHash: string
  /** Where a new conversation begins. */
  firstLocale: Locale
  turn: Turn
  /** A button and its message: whoever taps twice has tapped once. */
  tap?: string
}

/** What a turn came to; its replies are queued already, but for those of a conversation that ends. */
export interface Answered {
  conversation: { locale: Locale }
  replies: Reply[]
  commands?: Command[]
  isReplay: boolean
}

/** The assistant, for chats of Telegram. */
export type Converse = (arrived: TelegramTurn) => Promise<Answered>
