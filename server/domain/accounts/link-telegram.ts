import { randomBytes } from 'node:crypto'
import { telegramLinks } from '#server/db/telegram-links'
import type { Limit } from '#server/db/reports'
import type { TelegramNews } from '#shared/accounts/telegram-link'
import { sealHandle } from '../chat/telegram-handle.ts'
import type { Services } from '../services.ts'
import type { KeyRing } from '../trust/key-ring.ts'
import type { Actor } from './actor.ts'

/** 144 random bits; a deep link carries at most 64 of these characters. @see https://core.telegram.org/bots/features#deep-linking */
export const linkTokenPattern = '[A-Za-z0-9_-]{24}'

const tokenHash = (keys: KeyRing, token: string) => keys.keyedHash('index', `telegram link ${token}`)
const signed = ({ userId, sessionId }: Actor) => ({ actor: userId, session: sessionId })

/** Whether the account has a chat, and where its news go. @throws AppError sign_in_required, session_ended */
export const readTelegram = ({ clients }: Services, actor: Actor) => telegramLinks(clients).read(signed(actor))

/**
 * A link into Telegram that links whoever opens it and says yes: good once, for fifteen minutes, shown once.
 * @throws AppError rate_limited, unavailable (the station has no bot)
 */
export async function makeTelegramLink({ clients, keys }: Services, actor: Actor, limits: Limit[]): Promise<string> {
  const token = randomBytes(18).toString('base64url')
  const { bot } = await telegramLinks(clients).make(signed(actor), tokenHash(keys, token), limits)
  return `https://t.me/${bot}?start=${token}`
}

/** Where news of the account's own reports go. @throws AppError not_found (no chat is linked) */
export const setTelegramNews = ({ clients }: Services, actor: Actor, news: TelegramNews) => telegramLinks(clients).setNews(signed(actor), news)

/** Ends the link from the account's side; what waits for the chat is not sent. */
export const unlinkAccount = ({ clients }: Services, actor: Actor) => telegramLinks(clients).unlink(signed(actor))

/** Ends the link from the chat's side. */
export const unlinkChat = ({ clients }: Services, chatHash: string) => telegramLinks(clients).unlink({ chat_hash: chatHash })

/** Whose account a token would link, masked; asked before anybody says yes. @throws AppError not_found */
export const peekLink = ({ clients, keys }: Services, token: string) => telegramLinks(clients).peek(tokenHash(keys, token))

/** Links the chat; the same update repeated is no second use. @throws AppError not_found (unknown, used or too old) */
export function redeemLink({ clients, keys }: Services, { token, updateHash, chatHash, chatId }: { token: string, updateHash: string, chatHash: string, chatId: number }) {
  return telegramLinks(clients).redeem({ token_hash: tokenHash(keys, token), update_hash: updateHash, chat_hash: chatHash, handle_sealed: sealHandle(keys, chatHash, chatId) })
}

/** What is known of a chat: whose account it is linked with, and the language it speaks. */
export const readLink = ({ clients }: Services, chatHash: string) => telegramLinks(clients).ofChat(chatHash)
