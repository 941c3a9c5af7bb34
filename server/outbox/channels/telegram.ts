import { Api, GrammyError, HttpError } from 'grammy'
import type { SendFailure } from '../retry-policy.ts'

export interface TelegramSettings {
  token: string
  apiRoot: string
  /** After so long an attempt has failed, whatever hangs. */
  limitMs: number
}

/** A button of a message: an address, or data that comes back when it is tapped. At most 64 bytes. */
export interface TelegramButton { label: string, data?: string, url?: string }

/** A message as Telegram takes it. The words are plain: nothing in them is read as markup. */
export interface TelegramMessage { chatId: number, text: string, buttons: TelegramButton[] }

/** Why a message was not taken. */
export type TelegramFailure = { kind: 'wait', seconds: number } | { kind: 'blocked' } | ({ kind: 'failed' } & SendFailure)

/** An attempt that failed, judged. Its message is our own word, never Telegram's. */
export class TelegramError extends Error {
  override name = 'TelegramError'
  readonly failure: TelegramFailure

  constructor(failure: TelegramFailure, options?: { cause?: unknown }) {
    super(failure.kind === 'failed' ? failure.error : failure.kind, options)
    this.failure = failure
  }
}

export interface TelegramChannel {
  /** @returns the number of the message in its chat @throws TelegramError */
  send: (message: TelegramMessage) => Promise<number>
  /** Opens so many lines to Telegram, so that the first of many messages is as quick as the last. Never fails: then sending opens them. */
  warm: (lines: number) => Promise<void>
}

/** Sends by the Bot API. One send is one attempt: nothing is repeated here, and no pause is kept that other workers would not know of. */
export function telegramChannel({ token, apiRoot, limitMs }: TelegramSettings): TelegramChannel {
  const api = new Api(token, { apiRoot, timeoutSeconds: Math.ceil(limitMs / 1000) })
  return {
    async send({ chatId, text, buttons }) {
      try {
        const { message_id: id } = await api.sendMessage(chatId, text, {
          link_preview_options: { is_disabled: true },
          ...(buttons.length && { reply_markup: { inline_keyboard: buttons.map(({ label, data, url }) => [url === undefined ? { text: label, callback_data: data ?? '' } : { text: label, url }]) } }),
        })
        return id
      }
      catch (cause) {
        // The cause stays out of logs: it may hold the chat, and the token in an address.
        throw new TelegramError(judgeTelegramError(cause))
      }
    },
    async warm(lines) {
      await Promise.allSettled(Array.from({ length: lines }, () => api.getMe()))
    },
  }
}

/** What an answer of the Bot API means. @see https://core.telegram.org/bots/api#making-requests */
export function judgeTelegramError(cause: unknown): TelegramFailure {
  if (cause instanceof GrammyError) {
    const { error_code: code, parameters } = cause
    if (code === 429) return { kind: 'wait', seconds: parameters.retry_after ?? 1 }
    if (code === 403) return { kind: 'blocked' }
    // A chat that is gone, a text that it will never take. 401 and 404 are about our token: everything waits for it.
    return { kind: 'failed', isPermanent: code === 400, error: `telegram_${code}` }
  }
  return { kind: 'failed', isPermanent: false, error: cause instanceof HttpError ? 'dropped' : 'unknown' }
}
