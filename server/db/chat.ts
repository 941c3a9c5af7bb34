import { z } from 'zod'
import { chatChannels, threadStates } from '#shared/chat/thread-schema'
import { localeCodes } from '#shared/locales'
import { call, type Clients } from './clients.ts'
import type { Limit } from './reports.ts'
import type { NewThread, SealedMessage } from './threads.ts'

const done = z.object({ ok: z.literal(true) })
const channel = z.enum(chatChannels)
const keptReply = z.object({ id: z.uuid(), sealed: z.string() })
const replay = z.object({ turn_no: z.number(), said_sealed: z.string().nullable(), replies: z.array(keptReply) })

const conversationRow = z.object({
  id: z.uuid(), channel, locale: z.enum(localeCodes), user_id: z.uuid().nullable(), state_sealed: z.string(), turn_no: z.number(),
  thread: z.object({ id: z.uuid(), state: z.enum(threadStates) }).nullable(),
  turns: z.array(z.object({ turn_no: z.number(), at: z.string(), said_sealed: z.string().nullable(), replies: z.array(keptReply) })),
})
const loaded = done.extend({ now: z.string(), conversation: conversationRow.nullable(), replay: replay.nullable() })
const committed = done.extend({ is_replay: z.boolean(), turn_no: z.number() })

/** By what a conversation is found. */
export interface ConversationKey { channel: z.infer<typeof channel>, key_hash: string }

/** The end of a turn; the header of `commit_turn` says what each part does. */
export interface TurnCommit extends ConversationKey {
  id: string
  locale: string
  handle_sealed?: string
  user_id?: string | null
  turn_no: number
  request_hash: string
  state_sealed: string
  said_sealed?: string
  replies: { id: string, sealed: string, is_once?: boolean }[]
  forget_from?: number
  thread?: NewThread
  thread_message?: SealedMessage & { conversation: string }
  leaves_thread?: true
  rating?: number
  update?: Record<string, unknown>
}

const forgetConversationAnswer = done.extend({ forgotten: z.boolean() })
const purgeChatsAnswer = done.extend({ conversations: z.number(), receipts: z.number(), has_more: z.boolean() })

/** Conversations, for the portal and the bot. */
export function chatQueries({ server }: Clients) {
  return {
    load: (key: ConversationKey, more: { turns?: number, request_hash?: string, limits?: Limit[] }) => call(server, 'load_conversation', { p: { ...key, ...more } as never }, loaded),
    commit: (turn: TurnCommit) => call(server, 'commit_turn', { p: turn as never }, committed),
    forget: (key: ConversationKey, erasesThreads: boolean) => call(server, 'forget_conversation', { p: { ...key, erases_threads: erasesThreads } }, forgetConversationAnswer),
    purge: (limit: number, isDry = false) => call(server, 'purge_chats', { p: { limit, is_dry: isDry } }, purgeChatsAnswer),
  }
}
