import { Composer } from 'grammy'
import { AppError } from '#shared/errors'
import { hushTelegram, isOwnWish, tellByTelegram, wishPattern } from '#server/domain/chat/tell-by-telegram'
import { text } from '#server/texts'
import { answerTap } from '../answer-tap.ts'
import { localeOfChat } from '../chat-locale.ts'
import type { BotContext } from '../context.ts'

/** After filing: shall news come here? Only then a way leads from the report to this chat. The buttons come with the receipt and with each piece of news (server/outbox/messages/write-telegram.ts). */
export const reports = new Composer<BotContext>()

reports.callbackQuery(new RegExp(`^tg\\.(tell|hush):${wishPattern}$`), async (ctx) => {
  const { work, parts: { services } } = ctx
  const [, wish, reference = '', given = ''] = ctx.match
  const locale = await localeOfChat(ctx)
  const isTell = wish === 'tell'
  let outcome = 'refused'
  if (isOwnWish(services.keys, isTell ? 'tell' : 'hush', { reference, given, chatHash: work.chatHash })) {
    outcome = isTell ? 'told' : 'hushed'
    try {
      await (isTell ? tellByTelegram(services, reference, work) : hushTelegram(services, reference, work.chatHash))
    }
    catch (error) {
      if (!(error instanceof AppError) || !['not_found', 'forbidden'].includes(error.code)) throw error
      outcome = 'refused'
    }
  }
  await work.finish([{ locale, text: text(locale, `chat.telegram.tell.${outcome}`, { reference }) }])
  await answerTap(ctx)
})
