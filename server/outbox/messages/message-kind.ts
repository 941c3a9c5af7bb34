import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { Locale } from '#shared/locales'
import type { TelegramButton } from '../channels/telegram.ts'

/** What a row of the outbox holds once it is opened. */
export interface OutboxMail {
  template: string
  locale: Locale
  params: Record<string, string>
  reference: string | null
  /** How many visits a mail to staff is about. */
  matters: number
  /** Of what is about an alert: its identifier, and for whoever asked for alerts the whole of it. */
  alertIdentifier?: string | null
  alert?: PublishedAlert | undefined
}

export interface MailText { subject: string, body: string }

/**
 * How much a message matters. `code` was asked for a moment ago: goes at any hour whatever the settings say, and after an hour not at all.
 * `call` goes to whoever is on duty: at any hour whatever the settings say.
 * `urgent` goes at any hour, `important` when the hours are not quiet, both unless everything was switched off; `normal` when all is wanted.
 * `duty` is to staff about what they owe: it cannot be switched off, and waits for the hours that are not quiet.
 */
export type Weight = 'code' | 'call' | 'urgent' | 'duty' | 'important' | 'normal'

/** What staff owe: no setting stops it, and none is offered in it. */
export const isOwed = (weight: Weight | undefined) => weight === 'duty' || weight === 'call'

/** One template: how much it matters and what it says. Subjects are neutral and nothing of a report's content is in it (RULES H1). */
export interface MessageKind {
  weight: Weight
  /** Key of the words with the link to the settings, where they are its own. */
  footer?: string
  /** Undefined: what it is about is not there. */
  write: (mail: OutboxMail, publicUrl: string) => MailText | undefined
  /** Under the message in a chat: choices of the assistant. */
  buttons?: (locale: Locale) => TelegramButton[]
}

/** Templates of one noun by their event: template `reports.received` is `received` in reports.ts. */
export type MessageFile = Record<string, MessageKind>
