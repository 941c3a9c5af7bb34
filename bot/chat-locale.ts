import { readLink } from '#server/domain/accounts/link-telegram'
import type { Locale } from '#shared/locales'
import type { BotContext } from './context.ts'

/** The language of a chat: its conversation's, or until there is one that of the sender's app. */
export async function localeOfChat({ parts, work, firstLocale }: BotContext): Promise<Locale> {
  return (await readLink(parts.services, work.chatHash)).locale ?? firstLocale
}
