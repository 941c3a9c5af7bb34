import { Composer } from 'grammy'
import { text } from '#server/texts'
import type { BotContext } from '../context.ts'

/** In a group everybody reads along: the bot says once where to find it, and hears nothing else. */
export const groups = new Composer<BotContext>()

groups.filter(ctx => ctx.chat !== undefined && ctx.chat.type !== 'private', async (ctx) => {
  const isAsked = ctx.message?.entities?.some(({ type }) => type === 'bot_command') ?? false
  await ctx.work.finish(isAsked ? [{ locale: ctx.firstLocale, text: text(ctx.firstLocale, 'chat.telegram.group', { bot: ctx.me.username }) }] : [])
})
