import { z } from 'zod'
import { telegramNews } from '#shared/accounts/telegram-link'
import { locales } from '#shared/reports/report-schema'
import { call, type Clients } from './clients.ts'
import type { Limit } from './reports.ts'

const done = z.object({ ok: z.literal(true) })
/** Who is signed in, as functions with the secret key are told. */
interface Signed { actor: string, session: string }
const link = done.extend({ now: z.string(), bot: z.string().nullable(), link: z.object({ linked_at: z.string(), news: z.enum(telegramNews) }).nullable(), has_duty: z.boolean() })

const makeTelegramLinkAnswer = done.extend({ bot: z.string() })
const unlinkTelegramAnswer = done.extend({ was_linked: z.boolean() })
const peekTelegramLinkAnswer = done.extend({ account: z.string() })
const redeemTelegramLinkAnswer = done.extend({ account: z.string() })
const readTelegramChatAnswer = done.extend({ account: z.string().nullable(), user_id: z.uuid().nullable(), locale: z.enum(locales).nullable() })

/** Links between accounts and chats. */
export function telegramLinks({ server }: Clients) {
  return {
    read: (signed: Signed) => call(server, 'get_telegram_link', { p: { ...signed } }, link),
    make: (signed: Signed, tokenHash: string, limits: Limit[]) => call(server, 'make_telegram_link', { p: { ...signed, token_hash: tokenHash, limits } as never }, makeTelegramLinkAnswer),
    setNews: (signed: Signed, news: string) => call(server, 'set_telegram_news', { p: { ...signed, news } }, done),
    unlink: (of: Signed | { chat_hash: string }) => call(server, 'unlink_telegram', { p: { ...of } }, unlinkTelegramAnswer),
    peek: (tokenHash: string) => call(server, 'peek_telegram_link', { p: { token_hash: tokenHash } }, peekTelegramLinkAnswer),
    redeem: (p: { token_hash: string, update_hash: string, chat_hash: string, handle_sealed: string }) => call(server, 'redeem_telegram_link', { p }, redeemTelegramLinkAnswer),
    ofChat: (chatHash: string) => call(server, 'read_telegram_chat', { p: { chat_hash: chatHash } }, readTelegramChatAnswer),
  }
}
