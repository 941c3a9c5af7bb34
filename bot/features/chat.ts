import { Composer } from 'grammy'
import { AppError } from '#shared/errors'
import { text } from '#server/texts'
import { answerTap } from '../answer-tap.ts'
import { clearMessage, clearMessages } from '../clear-messages.ts'
import type { BotContext } from '../context.ts'
import { sayWhatLeavingDoes } from './leaving.ts'
import { readTurn } from '../read-turn.ts'

/** Everything else is a turn of the conversation: words, choices, places, files. */
export const chat = new Composer<BotContext>()

chat.on(['message', 'callback_query:data'], async (ctx) => {
  const turn = readTurn(ctx)
  const { work, parts } = ctx
  if (!turn) {
    // Joining, leaving and pins say nothing; what somebody sent on purpose gets a word.
    const isOnPurpose = ctx.has([':sticker', ':contact', ':animation', ':dice', ':game', 'message:poll', 'message:story'])
    await work.finish(isOnPurpose ? [{ locale: ctx.firstLocale, text: text(ctx.firstLocale, 'chat.telegram.notUnderstood') }] : [])
    return
  }
  const answered = await orTooFast(ctx, parts.converse({ chatId: work.chatId, updateHash: work.hash, firstLocale: ctx.firstLocale, turn, ...(ctx.callbackQuery && { tap: tapOf(ctx) }) }))
  if (!answered) return
  const { conversation: { locale }, commands = [], replies, isReplay } = answered
  const forget = commands.find(command => command.do === 'forget')
  if (forget) {
    // Somebody said goodbye in words: the same as /exit.
    if (!forget.erasesThreads) return sayWhatLeavingDoes(ctx)
    // First what Telegram shows, then what we keep, with the update in one transaction: who dies between does it again.
    await clearMessages(ctx)
    await answerTap(ctx)
    await work.finish(replies.map(({ text: words }) => ({ locale, text: words })), { forget: true, erasesThreads: true })
    return
  }
  await answerTap(ctx, isReplay ? text(locale, 'chat.telegram.answered') : undefined)
  if (commands.some(command => command.do === 'hide_words')) await clearMessage(ctx)
})

/** The same button of the same message, whichever update brings it. */
const tapOf = ({ callbackQuery }: BotContext) => `${callbackQuery?.message?.message_id ?? ''} ${callbackQuery?.data ?? ''}`

/** Whoever floods hears so; anything else that fails is tried again. */
async function orTooFast<Answer>(ctx: BotContext, asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked
  }
  catch (error) {
    if (!(error instanceof AppError) || error.code !== 'rate_limited') throw error
    await ctx.work.finish([{ locale: ctx.firstLocale, text: text(ctx.firstLocale, 'errors.codes.rate_limited.detail', error.params) }])
    return undefined
  }
}
