import { Bot } from 'grammy'
import type { UserFromGetMe } from 'grammy/types'
import { defaultLocale, locales, type Locale } from '#shared/locales'
import type { BotContext, BotParts, Work } from './context.ts'
import { accounts } from './features/accounts.ts'
import { groups } from './features/groups.ts'
import { chat } from './features/chat.ts'
import { leaving } from './features/leaving.ts'
import { reports } from './features/reports.ts'

/** The nouns that speak in the bot, in the order in which they are asked. A noun's own commands and buttons are one file each. */
const features = [groups, accounts, reports, leaving, chat]

export interface BotSettings { token: string, apiRoot: string, botInfo: UserFromGetMe }

/** The bot without a way in: updates come from the store (worker.ts), one at a time for each chat. */
export function createBot({ token, apiRoot, botInfo }: BotSettings, parts: BotParts) {
  const works = new WeakMap<object, Work>()
  const bot = new Bot<BotContext>(token, { botInfo, client: { apiRoot, timeoutSeconds: 15 } })
  // What Telegram says when it refuses may name a chat or a file, and would stand in a log. The code says enough.
  bot.api.config.use(async (call, method, payload, signal) => {
    const answer = await call(method, payload, signal)
    return answer.ok ? answer : { ...answer, description: 'refused' }
  })
  bot.use((ctx, next) => {
    const work = works.get(ctx.update)
    if (!work) throw new Error('an update without its work')
    ctx.work = work
    ctx.parts = parts
    ctx.firstLocale = localeOf(ctx.from?.language_code)
    return next()
  })
  bot.use(...features)
  return {
    api: bot.api,
    /** Handles one update of the store. Whatever nobody wants is finished without a word. */
    async handle(update: Parameters<typeof bot.handleUpdate>[0], work: Work) {
      works.set(update, work)
      await bot.handleUpdate(update)
      await work.finish()
    },
  }
}

/** Telegram's language of somebody (IETF tag) as one of ours. */
export function localeOf(tag: string | undefined): Locale {
  const first = tag?.toLowerCase().split('-')[0]
  return locales.find(({ code }) => code === first)?.code ?? (tag ? 'en' : defaultLocale)
}
