import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { chatChannels, threadStates, type SetChatHours, type ThreadView } from '#shared/chat/thread-schema'
import { localeCodes } from '#shared/locales'
import { staffRoles } from '#shared/staff/desk-schema'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const locale = z.enum(localeCodes)
const role = z.enum(staffRoles)

const hours = z.object({ from: z.string(), to: z.string(), days: z.enum(['working', 'every']), is_open: z.boolean(), opens_at: instant.nullable(), closes_at: instant.nullable(), time_zone: z.string() })
export type ChatHoursRow = z.infer<typeof hours>

const facts = z.object({
  id: z.uuid(), state: z.enum(threadStates), channel: z.enum(chatChannels), locale, opened_at: instant, answered_at: instant.nullable(), waiting_since: instant.nullable(),
  closed_at: instant.nullable(), closed_by: z.enum(['staff', 'resident', 'system']).nullable(), rating: z.number().nullable(),
})

/** A text on its way into a thread; sealed by the portal. `id` makes a repeat harmless. */
export interface SealedMessage { id: string, text_sealed: string, at?: string }
export interface NewThread {
  id: string, conversation: string, channel: typeof chatChannels[number], locale: string, community?: string, is_about_police?: boolean, handle_sealed?: string
  messages: (SealedMessage & { from: 'resident' | 'bot' })[]
}

const own = done.extend({
  thread: facts.nullable(), hours,
  messages: z.array(z.object({ id: z.uuid(), number: z.number(), from: z.enum(['resident', 'staff']), by: localisedSchema.nullable(), role: role.nullable(), at: instant, text_sealed: z.string() })),
})

const climbThreadsAnswer = done.extend({ told: z.number(), has_more: z.boolean() })
const retainThreadsAnswer = done.extend({ ended: z.number(), removed: z.number(), has_more: z.boolean() })

/** The resident's side of a thread: the portal's own calls, for web and bot. */
export function threadQueries({ server }: Clients) {
  return {
    hours: () => call(server, 'get_chat_hours', undefined as never, hours),
    read: (conversation: string, after?: number) => call(server, 'read_own_thread', { p: { conversation, after: after ?? 0 } }, own),
    addWord: (conversation: string, wordSealed: string) => call(server, 'add_rating_word', { p: { conversation, word_sealed: wordSealed } }, done),
    /** One page of those who have waited too long. */
    climb: (limit: number, isDry = false) => call(server, 'climb_threads', { p: { limit, is_dry: isDry } }, climbThreadsAnswer),
    /** One page of what is over. */
    retain: (limit: number, isDry = false) => call(server, 'retain_threads', { p: { limit, is_dry: isDry } }, retainThreadsAnswer),
  }
}

const item = facts.extend({ number: z.number(), community_id: z.uuid().nullable(), is_about_police: z.boolean(), staff: localisedSchema.nullable() })
const list = done.extend({
  now: instant, time_zone: z.string(), hours, counts: z.object({ waiting: z.number(), mine: z.number(), colleagues: z.number() }),
  threads: z.array(item.omit({ answered_at: true }).extend({ last_at: instant, messages: z.number() })), next_cursor: z.object({ at: instant, id: z.uuid() }).nullable(),
})
const opened = done.extend({
  now: instant, time_zone: z.string(), thread: item.extend({ is_mine: z.boolean(), hours, rating_word_sealed: z.string().nullable() }),
  messages: z.array(z.object({
    id: z.uuid(), number: z.number(), from: z.enum(['resident', 'bot', 'staff']), is_before: z.boolean(), by: localisedSchema.nullable(), role: role.nullable(), at: instant, text_sealed: z.string(),
  })),
})

const peekThreadAnswer = done.extend({ state: z.enum(threadStates), last_number: z.number(), rating: z.number().nullable() })
const answerThreadAnswer = done.extend({ is_replay: z.boolean(), thread: facts, message: z.object({ id: z.uuid(), number: z.number(), at: instant }) })
const setChatHoursAnswer = done.extend({ hours })
const beginChatBanAnswer = done.extend({ chat_hash: z.string() })
const closeThreadAnswer = done.extend({ thread: facts })

/** Threads as a member of staff handles them. An answer carries ciphertext, so the portal makes that call and names them (RULES A2). */
export function deskThreadQueries(clients: Clients, actor: DeskActor) {
  const staff = clients.as(actor.accessToken)
  return {
    list: (filter: { view: ThreadView, limit: number, cursor?: Record<string, string> }) => call(staff, 'list_threads', { p: filter }, list),
    open: (id: string) => call(staff, 'open_thread_texts', { p_thread: id }, opened),
    peek: (id: string) => call(staff, 'peek_thread', { p_thread: id }, peekThreadAnswer),
    answer: (thread: string, message: SealedMessage) => call(clients.server, 'answer_thread', { p: { ...message, thread, actor: actor.userId, session: actor.sessionId } as never },
      answerThreadAnswer),
    setHours: (wish: SetChatHours) => call(staff, 'set_chat_hours', { p: wish }, setChatHoursAnswer),
    beginBan: (id: string) => call(clients.server, 'begin_chat_ban', { p: { thread: id, actor: actor.userId, session: actor.sessionId } }, beginChatBanAnswer),
    ban: (id: string, subjectHash: string, reason: string) => call(clients.server, 'ban_chat', { p: { thread: id, subject_hash: subjectHash, reason, actor: actor.userId, session: actor.sessionId } }, done),
    close: (id: string) => call(staff, 'close_thread', { p_thread: id }, closeThreadAnswer),
  }
}
