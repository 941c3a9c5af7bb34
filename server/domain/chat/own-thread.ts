import { randomUUID } from 'node:crypto'
import { surveyWordLimit, type ChatHours } from '#shared/chat/thread-schema'
import { AppError } from '#shared/errors'
import type { Locale } from '#shared/locales'
import { threadQueries, type ChatHoursRow, type NewThread } from '#server/db/threads'
import type { Services } from '../services.ts'
import { SealError } from '../trust/envelope.ts'
import { openMessage, sealMessage, sealWord } from './thread-texts.ts'

/* A thread as its resident has it, on the web or by the bot. What they read leaves no trace: only openings by staff are logged. */

/** The hours as pages and bot speak of them. */
export const hoursOf = ({ is_open: isOpen, opens_at: opensAt, closes_at: closesAt, time_zone: timeZone, ...hours }: ChatHoursRow): ChatHours => ({ ...hours, isOpen, opensAt, closesAt, timeZone })

/** When somebody answers in the chat. @throws AppError unavailable */
export const readChatHours = async ({ clients }: Services): Promise<ChatHours> => hoursOf(await threadQueries(clients).hours())

/** What opens a thread. `turns` are the last ones before it that the resident agreed to pass on, oldest first. */
export interface HandOver {
  /** Kept in the dialogue from its start: a repeat opens no second thread. */
  id: string
  conversation: string
  channel: 'web' | 'telegram'
  locale: Locale
  community?: string
  /** Then station leaders alone read it (RULES A6). */
  isAboutPolice?: boolean
  /** Telegram: where answers go, sealed as in the conversation. */
  handleSealed?: string
  turns: { from: 'resident' | 'bot', text: string, at?: string }[]
}

/** The row that `open_thread` (or `private.begin_thread` in a transaction of one's own) takes. */
export function newThread({ keys }: Services, { id, conversation, channel, locale, community, isAboutPolice, handleSealed, turns }: HandOver): NewThread {
  return {
    id, conversation, channel, locale, ...(community && { community }), ...(isAboutPolice && { is_about_police: true }), ...(handleSealed && { handle_sealed: handleSealed }),
    messages: turns.map(({ from, text, at }) => {
      const message = randomUUID()
      return { id: message, from, text_sealed: sealMessage(keys, message, text), ...(at && { at }) }
    }),
  }
}

/** The newest thread of a conversation and what was said in it after a number. */
export async function readOwnThread({ clients, keys }: Services, conversation: string, after = 0) {
  const { thread, hours, messages } = await threadQueries(clients).read(conversation, after)
  return { thread, hours: hoursOf(hours), messages: messages.flatMap(({ text_sealed: sealed, ...message }) => {
    const text = readable(() => openMessage(keys, message.id, sealed))
    return text === undefined ? [] : [{ ...message, text }]
  }) }
}

/** What was kept under a key that is gone is left out: the rest of the chat can still be read. */
function readable(open: () => string): string | undefined {
  try {
    return open()
  }
  catch (thrown) {
    if (thrown instanceof SealError) return undefined
    throw thrown
  }
}

/** A few words beside the rating. Said again after a crash, or too late, they change nothing. @param word at most `surveyWordLimit` characters are kept */
export async function addRatingWord({ clients, keys }: Services, conversation: string, word: string): Promise<void> {
  const queries = threadQueries(clients)
  const { thread } = await queries.read(conversation, 2_147_483_647)
  if (!thread?.rating) return
  await queries.addWord(conversation, sealWord(keys, thread.id, word.slice(0, surveyWordLimit))).catch((thrown: unknown) => {
    if (!(thrown instanceof AppError && thrown.code === 'not_found')) throw thrown
  })
}
