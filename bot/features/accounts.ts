import { Composer } from 'grammy'
import { AppError } from '#shared/errors'
import type { Locale } from '#shared/locales'
import type { Notice } from '#server/domain/chat/telegram-handle'
import { linkTokenPattern, peekLink, redeemLink, unlinkChat } from '#server/domain/accounts/link-telegram'
import { text } from '#server/texts'
import type { BotContext } from '../context.ts'
import { answerTap } from '../answer-tap.ts'
import { localeOfChat } from '../chat-locale.ts'

/** Buttons of the bot's own: no choice of the assistant begins like this. */
const own = { link: 'tg.link:', keep: 'tg.keep', unlink: 'tg.unlink' } as const

/** An account and this chat: the link of /account/telegram leads here by `/start <token>`. */
export const accounts = new Composer<BotContext>()

accounts.hears(new RegExp(`^/start\\s+(${linkTokenPattern})$`), async (ctx) => {
  const token = ctx.match[1] ?? ''
  const { services } = ctx.parts
  const locale = await localeOfChat(ctx)
  const whose = await orRefused(peekLink(services, token))
  await ctx.work.finish([whose === undefined
    ? { locale, text: text(locale, 'chat.telegram.link.over') }
    : { locale, text: text(locale, 'chat.telegram.link.ask', { account: whose.account }), buttons: [
        { label: text(locale, 'chat.telegram.link.yes'), data: `${own.link}${token}` }, { label: text(locale, 'chat.telegram.link.no'), data: own.keep },
      ] }])
})

accounts.callbackQuery(new RegExp(`^${own.link}(${linkTokenPattern})$`), async (ctx) => {
  const locale = await localeOfChat(ctx)
  const { work, parts: { services } } = ctx
  const linked = await orRefused(redeemLink(services, { token: ctx.match[1] ?? '', updateHash: work.hash, chatHash: work.chatHash, chatId: work.chatId }))
  await work.finish([linked === undefined ? { locale, text: text(locale, 'chat.telegram.link.over') } : linkedNotice(locale, linked.account)])
  await answerTap(ctx)
})

accounts.callbackQuery(own.keep, async (ctx) => {
  const locale = await localeOfChat(ctx)
  await ctx.work.finish([{ locale, text: text(locale, 'chat.telegram.link.kept') }])
  await answerTap(ctx)
})

accounts.callbackQuery(own.unlink, async (ctx) => {
  const { was_linked: wasLinked } = await unlinkChat(ctx.parts.services, ctx.work.chatHash)
  const locale = await localeOfChat(ctx)
  await ctx.work.finish([{ locale, text: text(locale, wasLinked ? 'chat.telegram.link.ended' : 'chat.telegram.link.none') }])
  await answerTap(ctx)
})

function linkedNotice(locale: Locale, account: string): Notice {
  return { locale, text: text(locale, 'chat.telegram.link.done', { account }), buttons: [{ label: text(locale, 'chat.telegram.link.end'), data: own.unlink }] }
}

/** What is refused is said in words; anything else is tried again. */
async function orRefused<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked
  }
  catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}
