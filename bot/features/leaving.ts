import { Composer } from 'grammy'
import type { Locale } from '#shared/locales'
import { text } from '#server/texts'
import { answerTap } from '../answer-tap.ts'
import { localeOfChat } from '../chat-locale.ts'
import { clearMessages } from '../clear-messages.ts'
import type { BotContext } from '../context.ts'

const own = { clear: 'tg.clear', stay: 'tg.stay' } as const

/** Leaving without a trace: what the bot may delete it deletes, what it may not it says before. */
export const leaving = new Composer<BotContext>()

leaving.command('exit', ctx => sayWhatLeavingDoes(ctx))

leaving.callbackQuery(own.clear, async (ctx) => {
  await clearMessages(ctx)
  await answerTap(ctx, text(await localeOfChat(ctx), 'chat.telegram.cleared'))
  await ctx.work.finish([], { forget: true })
})

leaving.callbackQuery(own.stay, async (ctx) => {
  const locale = await localeOfChat(ctx)
  await ctx.work.finish([{ locale, text: text(locale, 'chat.telegram.exit.stayed') }])
  await answerTap(ctx)
})

/** Says first what stays: messages older than 48 hours are the resident's to delete. */
export async function sayWhatLeavingDoes(ctx: BotContext): Promise<void> {
  const locale = await localeOfChat(ctx)
  await ctx.work.finish([{ locale, text: text(locale, 'chat.telegram.exit.ask'), buttons: buttons(locale) }])
  await answerTap(ctx)
}

const buttons = (locale: Locale) => [{ label: text(locale, 'chat.telegram.exit.clear'), data: own.clear }, { label: text(locale, 'chat.telegram.exit.stay'), data: own.stay }]
