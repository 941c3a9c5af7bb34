import { z } from 'zod'
import { locales } from '#shared/reports/report-schema'
import { mailLevels } from '#shared/messages/mail-settings'
import { call, type Clients } from './clients.ts'
import type { Settlement } from './outbox.ts'

const done = z.object({ ok: z.literal(true) })

/** An update as it is kept before anybody looks at it. `place`: its number, which orders a chat. */
export interface NewBotUpdate { hash: string, previous_hash: string, place: number, chat_hash: string, is_group: boolean, body_sealed: string, message_id: number | null }

/** Something said that is no turn of a conversation. */
export interface SealedNotice { recipient_sealed: string, params_sealed: string, locale: string }

const claimedUpdate = z.object({ hash: z.string(), chat_hash: z.string(), body_sealed: z.string(), attempts: z.number() })
export type ClaimedUpdate = z.infer<typeof claimedUpdate>
const claimedUpdates = done.extend({ updates: z.array(claimedUpdate), next_in_ms: z.coerce.number().nullable() })

const receiveBotUpdatesAnswer = done.extend({ received: z.number() })
const finishBotUpdateAnswer = done.extend({ is_new: z.boolean() })
const renewBotUpdatesAnswer = done.extend({ kept: z.number() })
const listBotMessagesAnswer = done.extend({ message_ids: z.array(z.number()) })
const purgeBotAnswer = done.extend({ updates: z.number(), messages: z.number(), chats: z.number(), has_more: z.boolean() })

/** What the bot's workers ask of the database. */
export function botQueries({ server }: Clients) {
  return {
    receive: (updates: NewBotUpdate[]) => call(server, 'receive_bot_updates', { p: { updates } as never }, receiveBotUpdatesAnswer),
    claim: (worker: string, limit: number, leaseSeconds: number) => call(server, 'claim_bot_updates', { p: { worker, limit, lease_seconds: leaseSeconds } }, claimedUpdates),
    finish: (update: { hash: string, chat_hash: string, notices?: SealedNotice[], forget?: boolean, erases_threads?: boolean }) => call(server, 'finish_bot_update', { p: { ...update } as never }, finishBotUpdateAnswer),
    release: (hash: string, worker: string, afterMs: number) => call(server, 'release_bot_update', { p: { hash, worker, after_ms: afterMs } }, done),
    /** @returns kept: how many of them are still the worker's */
    renew: (hashes: string[], worker: string, leaseSeconds: number) => call(server, 'renew_bot_updates', { p: { worker, hashes, lease_seconds: leaseSeconds } }, renewBotUpdatesAnswer),
    messages: (chatHash: string) => call(server, 'list_bot_messages', { p: { chat_hash: chatHash } }, listBotMessagesAnswer),
    follow: (reference: string, chatHash: string, handleSealed: string) => call(server, 'follow_by_telegram', { p: { reference, chat_hash: chatHash, handle_sealed: handleSealed } }, done),
    unfollow: (reference: string, chatHash: string) => call(server, 'unfollow_by_telegram', { p: { reference, chat_hash: chatHash } }, done),
    announce: (username: string) => call(server, 'announce_bot', { p: { username } }, done),
    purge: (limit: number, isDry = false) => call(server, 'purge_bot', { p: { limit, is_dry: isDry } }, purgeBotAnswer),
  }
}

const telegramMessage = z.object({
  id: z.number(), created_at: z.string(), template: z.string(), noun: z.string(), noun_id: z.uuid().nullable(), locale: z.enum(locales), message_key: z.uuid(), attempts: z.number(),
  recipient_id: z.uuid().nullable(), recipient_sealed: z.string().nullable(), params_sealed: z.string().nullable(), matters: z.number(), reference: z.string().nullable(), time_zone: z.string().nullable(),
  chat_hash: z.string(), handle_sealed: z.string().nullable(), reply_sealed: z.string().nullable(), conversation_id: z.uuid().nullable(), wait_ms: z.number(),
  level: z.enum(mailLevels), quiet_from: z.string(), quiet_to: z.string(), subscription_id: z.uuid().nullable(), alert: z.string().nullable(), expires_at: z.string().nullable(),
})
/** A message by Telegram as its worker gets it: still sealed, and with its moment. */
export type ClaimedTelegram = z.infer<typeof telegramMessage>

const telegramClaim = done.extend({ now: z.string(), messages: z.array(telegramMessage), next_in_seconds: z.coerce.number().nullable() })

/** How an attempt by Telegram ended. */
export interface TelegramSettlement extends Settlement {
  chat_hash: string
  message_id?: number
  /** Telegram asked to wait so many seconds (429). */
  retry_after?: number
  /** Whoever it is for has blocked the bot (403). */
  is_blocked?: boolean
}

const renewTelegramAnswer = done.extend({ kept: z.number() })
const settleTelegramAnswer = done.extend({ kept: z.boolean(), is_for_all: z.boolean() })

/** The outbox of Telegram, with the pace that all workers share. */
export function telegramQueue({ server }: Clients) {
  return {
    claim: (worker: string, limit: number, leaseSeconds: number) => call(server, 'claim_telegram', { p: { worker, limit, lease_seconds: leaseSeconds } }, telegramClaim),
    renew: (worker: string, ids: number[], leaseSeconds: number) => call(server, 'renew_telegram', { p: { worker, ids, lease_seconds: leaseSeconds } }, renewTelegramAnswer),
    settle: (worker: string, settlement: TelegramSettlement) => call(server, 'settle_telegram', { p: { worker, ...settlement } }, settleTelegramAnswer),
  }
}
export type TelegramQueue = ReturnType<typeof telegramQueue>
