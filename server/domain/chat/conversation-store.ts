import { randomUUID } from 'node:crypto'
import type { Locale } from '#shared/locales'
import { chatQueries } from '#server/db/chat'
import type { Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { SealError } from '../trust/envelope.ts'
import { newThread, type HandOver } from './own-thread.ts'
import { conversationHash, openChat, requestHash, sealChat, type ChatField } from './seal-chat.ts'
import { sealMessage } from './thread-texts.ts'

export type { Limit } from '#server/db/reports'

/** A turn that was committed, opened. */
export interface StoredTurn { turnNo: number, at: string, said: unknown, replies: unknown[] }

export interface HeldConversation {
  /** Undefined: nobody has spoken yet. */
  id?: string
  locale?: Locale
  userId?: string | null
  state?: unknown
  turnNo: number
  thread?: { id: string, state: 'waiting' | 'open' | 'closed' }
  turns: StoredTurn[]
  /** This request was committed before. */
  replay?: { turnNo: number, said: unknown, replies: unknown[] }
  now: string
}

/** The end of a turn, in the clear. */
export interface TurnEnd {
  id: string
  locale: Locale
  /** As read. */
  turnNo: number
  request: string
  state: unknown
  said: unknown
  replies: { content: unknown, isOnce: boolean }[]
  forgetFrom?: number
  userId?: string | null
  /** Goes to a person; `turns` are what the resident agreed to pass on. */
  thread?: Pick<HandOver, 'id' | 'community' | 'isAboutPolice' | 'turns'>
  /** People have the thread: what the resident says to them. */
  threadMessage?: { id: string, text: string }
  leavesThread?: boolean
  rating?: number
  update?: Record<string, unknown>
}

/**
 * A resident's conversation, sealed before it leaves the portal.
 * @param by the secret of the cookie, or the chat id (Telegram: kept sealed as well, since sends need it)
 */
export function conversationStore(services: Services, by: { channel: 'web' | 'telegram', secret: string }) {
  const { clients, keys } = services
  const queries = chatQueries(clients)
  const key = { channel: by.channel, key_hash: conversationHash(keys, by.channel, by.secret) }
  // Kept under a key that is gone, or not by us: null, which is no state of any version, so that the conversation starts anew with a sentence.
  const opener = (id: string) => (field: ChatField, sealed: string | null): unknown => {
    if (sealed === null) return undefined
    try {
      return JSON.parse(openChat(keys, id, field, sealed))
    }
    catch (thrown) {
      if (thrown instanceof SealError || thrown instanceof SyntaxError) return null
      throw thrown
    }
  }

  return {
    /** @param turns how many of the last come along @param request looked up among the committed ones */
    async load({ turns = 0, request, limits }: { turns?: number, request?: string, limits?: Limit[] }): Promise<HeldConversation> {
      const { conversation, replay, now } = await queries.load(key, { turns, ...(request !== undefined && { request_hash: requestHash(keys, request) }), ...(limits && { limits }) })
      if (!conversation) return { turnNo: 0, turns: [], now }
      const open = opener(conversation.id)
      return {
        id: conversation.id, locale: conversation.locale, userId: conversation.user_id, state: open('state', conversation.state_sealed), turnNo: conversation.turn_no, now,
        ...(conversation.thread && { thread: conversation.thread }),
        turns: conversation.turns.map(turn => ({ turnNo: turn.turn_no, at: turn.at, said: open('said', turn.said_sealed), replies: turn.replies.map(reply => open('reply', reply.sealed)) })),
        ...(replay && { replay: { turnNo: replay.turn_no, said: open('said', replay.said_sealed), replies: replay.replies.map(reply => open('reply', reply.sealed)) } }),
      }
    },

    /** @throws AppError conflict when another turn was committed since */
    async commit(turn: TurnEnd): Promise<{ isReplay: boolean, turnNo: number }> {
      const handle = by.channel === 'telegram' ? sealChat(keys, turn.id, 'handle', by.secret) : undefined
      const seal = (field: ChatField, content: unknown) => sealChat(keys, turn.id, field, JSON.stringify(content))
      const { is_replay: isReplay, turn_no: turnNo } = await queries.commit({
        ...key, id: turn.id, locale: turn.locale, turn_no: turn.turnNo, request_hash: requestHash(keys, turn.request),
        ...(handle && { handle_sealed: handle }),
        ...(turn.userId !== undefined && { user_id: turn.userId }),
        state_sealed: seal('state', turn.state), said_sealed: seal('said', turn.said),
        replies: turn.replies.map(({ content, isOnce }) => ({ id: randomUUID(), sealed: seal('reply', content), is_once: isOnce })),
        ...(turn.forgetFrom !== undefined && { forget_from: turn.forgetFrom }),
        ...(turn.thread && { thread: newThread(services, {
          ...turn.thread, conversation: turn.id, channel: by.channel, locale: turn.locale, ...(handle && { handleSealed: handle }),
        }) }),
        ...(turn.threadMessage && { thread_message: { conversation: turn.id, id: turn.threadMessage.id, text_sealed: sealMessage(keys, turn.threadMessage.id, turn.threadMessage.text) } }),
        ...(turn.leavesThread && { leaves_thread: true }),
        ...(turn.rating !== undefined && { rating: turn.rating }),
        ...(turn.update && { update: turn.update }),
      })
      return { isReplay, turnNo }
    },

    /** Nothing of the conversation stays. @param erasesThreads what people were told goes, too */
    forget: async (erasesThreads: boolean): Promise<void> => { await queries.forget(key, erasesThreads) },
  }
}
