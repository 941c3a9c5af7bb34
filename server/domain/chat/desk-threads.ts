import type { ChatHours, DeskThread, SetChatHours, ThreadList, ThreadListQuery } from '#shared/chat/thread-schema'
import { writeCursor } from '#shared/forms/list-place'
import type { DeskActor } from '#server/db/desk-reports'
import { deskThreadQueries, threadQueries } from '#server/db/threads'
import { bannedChatHash } from '../reports/receipt.ts'
import type { Services } from '../services.ts'
import { hoursOf } from './own-thread.ts'
import { openMessage, openWord, sealMessage } from './thread-texts.ts'

/** Chats that wait, are mine, a colleague's, or ended; no texts. @throws AppError forbidden for whoever handles no reports */
export async function listThreads({ clients }: Services, actor: DeskActor, { view, cursor, limit }: ThreadListQuery): Promise<ThreadList> {
  const page = await deskThreadQueries(clients, actor).list({ view, limit, ...(cursor && { cursor }) })
  return {
    now: page.now, timeZone: page.time_zone, hours: hoursOf(page.hours), counts: page.counts, nextCursor: page.next_cursor && writeCursor(page.next_cursor),
    threads: page.threads.map(({ community_id, is_about_police, opened_at, waiting_since, closed_at, closed_by, last_at, ...thread }) => ({
      ...thread, communityId: community_id, isAboutPolice: is_about_police, openedAt: opened_at, waitingSince: waiting_since, closedAt: closed_at, closedBy: closed_by, lastAt: last_at,
    })),
  }
}

/** Opens the texts of a thread; the database logs who did (RULES B3). @throws AppError not_found */
export async function openThreadTexts({ clients, keys }: Services, actor: DeskActor, id: string): Promise<DeskThread> {
  const { now, time_zone: timeZone, thread, messages } = await deskThreadQueries(clients, actor).open(id)
  const { community_id, is_about_police, opened_at, answered_at, waiting_since, closed_at, closed_by, is_mine, hours, rating_word_sealed: word, ...rest } = thread
  return {
    now, timeZone,
    thread: {
      ...rest, communityId: community_id, isAboutPolice: is_about_police, openedAt: opened_at, answeredAt: answered_at, waitingSince: waiting_since, closedAt: closed_at, closedBy: closed_by, isMine: is_mine,
      hours: hoursOf(hours), ratingWord: word && openWord(keys, id, word),
    },
    messages: messages.map(({ is_before: isBefore, text_sealed: sealed, ...message }) => ({ ...message, isBefore, text: openMessage(keys, message.id, sealed) })),
  }
}

/** Whether something new came, without a word of it. @throws AppError not_found */
export async function peekThread({ clients }: Services, actor: DeskActor, id: string) {
  const { state, last_number: lastNumber, rating } = await deskThreadQueries(clients, actor).peek(id)
  return { state, lastNumber, rating }
}

/** Answers, and with that takes the thread. @throws AppError not_found, conflict when it has ended */
export async function answerThread({ clients, keys }: Services, actor: DeskActor, thread: string, { id, text }: { id: string, text: string }): Promise<void> {
  await deskThreadQueries(clients, actor).answer(thread, { id, text_sealed: sealMessage(keys, id, text) })
}

/** Ends a thread; the resident is asked how it was. @throws AppError not_found, conflict when it has ended already */
export async function closeThread({ clients }: Services, actor: DeskActor, id: string): Promise<void> {
  await deskThreadQueries(clients, actor).close(id)
}

/**
 * Bans the Telegram chat that a thread came from: what it reports later is accepted and hidden (RULES G2).
 * @throws AppError not_found, forbidden for all but lead and chief, no_account (a browser, or a chat that was cleared)
 */
export async function banChat({ clients, keys }: Services, actor: DeskActor, id: string, reason: string): Promise<void> {
  const queries = deskThreadQueries(clients, actor)
  const { chat_hash: chat } = await queries.beginBan(id)
  await queries.ban(id, bannedChatHash(keys, chat), reason)
}

/** When colleagues answer, as residents are told. @throws AppError forbidden for all but lead and chief, invalid_input */
export const setChatHours = async ({ clients }: Services, actor: DeskActor, wish: SetChatHours): Promise<ChatHours> => hoursOf((await deskThreadQueries(clients, actor).setHours(wish)).hours)

const page = 500

/** The job chat:retain: ends threads in which nothing happens any more, and takes those whose term is over. */
export async function retainThreads({ clients }: Services) {
  const did = { chats_ended: 0, chats: 0 }
  for (let hasMore = true; hasMore;) {
    const { ended, removed, has_more: more } = await threadQueries(clients).retain(page)
    did.chats_ended += ended
    did.chats += removed
    hasMore = more
  }
  return did
}

/** What `retainThreads` would do now. */
export async function foreseeRetainedThreads({ clients }: Services) {
  const { ended, removed } = await threadQueries(clients).retain(page, true)
  return { chats_ended: ended, chats: removed }
}

/** The job chat:climb: who has waited for half an hour of opening time is told to the team leader, once for each wait. */
export async function climbThreads({ clients }: Services) {
  const did = { lead: 0 }
  for (let hasMore = true; hasMore;) {
    const { told, has_more: more } = await threadQueries(clients).climb(page)
    did.lead += told
    hasMore = more
  }
  return did
}

/** What `climbThreads` would do now. */
export async function foreseeClimbedThreads({ clients }: Services) {
  return { lead: (await threadQueries(clients).climb(page, true)).told }
}
