import { listBotMessages } from '#server/domain/chat/bot-work'
import type { BotContext } from './context.ts'

/** So many numbers one call takes. @see https://core.telegram.org/bots/api#deletemessages */
const atOnce = 100

/**
 * Deletes what the bot may: its own messages and incoming ones of the last 48 hours. What Telegram refuses is left; when it cannot be
 * reached this fails, and is done again.
 */
export async function clearMessages(ctx: BotContext): Promise<void> {
  const ids = await listBotMessages(ctx.parts.services, ctx.work.chatId)
  for (let from = 0; from < ids.length; from += atOnce) await within(ctx, () => ctx.api.deleteMessages(ctx.work.chatId, ids.slice(from, from + atOnce)))
}

/** Deletes the message that this update brought: it held a receipt. */
export async function clearMessage(ctx: BotContext): Promise<void> {
  const id = ctx.message?.message_id
  if (id !== undefined) await within(ctx, () => ctx.api.deleteMessage(ctx.work.chatId, id)).catch(() => undefined)
}

/** A refusal is an answer; only what did not reach Telegram, or was put off, is tried again. */
async function within(ctx: BotContext, act: () => Promise<unknown>) {
  try {
    await act()
  }
  catch (error) {
    const code = typeof error === 'object' && error !== null && 'error_code' in error ? error.error_code : 0
    if (code !== 400 && code !== 403) throw error
  }
}
