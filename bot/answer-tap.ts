import type { BotContext } from './context.ts'

/** Ends the waiting sign on a button that was tapped. Comfort: whatever becomes of it, the update is handled. @param words shown for a moment, 200 characters at most */
export async function answerTap(ctx: BotContext, words?: string): Promise<void> {
  if (!ctx.callbackQuery) return
  await ctx.answerCallbackQuery(words === undefined ? undefined : { text: words }).catch(() => undefined)
}
