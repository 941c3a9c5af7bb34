import { z } from 'zod'

/** Where news of an account's own reports go once a chat is linked. */
export const telegramNews = ['both', 'telegram', 'mail'] as const
export type TelegramNews = typeof telegramNews[number]

/** The forms of the page: where news go, or a button that makes or ends the link. */
export const telegramFormSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('link') }),
  z.object({ act: z.literal('unlink') }),
  z.object({ act: z.literal('news'), news: z.enum(telegramNews, 'choose') }),
])

/** `deepLink` is shown once, right after it was made; `bot` is missing on a station without one. */
export interface TelegramPage {
  now: string
  timeZone: string
  bot?: string
  deepLink?: string
  link?: { linkedAt: string, news: TelegramNews }
  /** Of staff: calls to duty come to a linked chat, too. */
  hasDuty: boolean
  done?: 'unlinked' | 'news'
}
