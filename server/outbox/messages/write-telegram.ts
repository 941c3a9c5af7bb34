import { chatReplySchema, type Card, type ChatReply } from '#shared/chat/reply'
import type { Locale } from '#shared/locales'
import { z } from 'zod'
import { text } from '../../texts.ts'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { TelegramButton } from '../channels/telegram.ts'
import { answerButtons, headlineOf, linkOf, wordsOf } from './alerts.ts'

/** Longest text of a message, in UTF-16 units. @see https://core.telegram.org/bots/api#sendmessage */
export const telegramTextMax = 4096

export interface TelegramText { text: string, buttons: TelegramButton[] }

const noticeSchema = z.object({ text: z.string(), buttons: z.array(z.object({ label: z.string(), data: z.string().optional(), url: z.string().optional() })).default([]) })

/** What is said in a chat, by its template. @param words as they were sealed; none when a thread ends */
export function writeChat(template: string, words: string | undefined, locale: Locale, publicUrl: string): TelegramText | undefined {
  switch (template) {
    case 'chat.reply': return words === undefined ? undefined : writeReply(words, locale, publicUrl)
    case 'chat.notice': return words === undefined ? undefined : writeNotice(words)
    case 'chat.staff_reply': return words === undefined ? undefined : { text: cut(text(locale, 'chat.telegram.staff', { words })), buttons: [] }
    case 'chat.closed': return { text: text(locale, 'chat.telegram.closed'), buttons: [1, 2, 3, 4, 5].map(stars => ({ label: text(locale, `chat.telegram.stars.${stars}`), data: `rate.${stars}` })) }
    default: return undefined
  }
}

/** An alert as whoever asked for it in a chat reads it. */
export const writeAlert = (alert: PublishedAlert, locale: Locale, publicUrl: string): TelegramText =>
  ({ text: cut([headlineOf(alert, locale), ...wordsOf(alert, locale), linkOf(alert, publicUrl, locale)].join('\n\n')), buttons: answerButtons(alert, locale) })

/** The button by which somebody asks for news of their report in this chat, or for no more of it. */
export const wishButton = ({ kind, data }: { kind: 'tell' | 'hush', data: string }, locale: Locale): TelegramButton => ({ label: text(locale, `chat.telegram.tell.${kind}`), data: `tg.${kind}:${data}` })

/** Something said that is no turn of a conversation, as it was sealed. */
export function writeNotice(sealed: string): TelegramText {
  return noticeSchema.parse(JSON.parse(sealed))
}

/** An answer of the assistant, as it was sealed. @param publicUrl of the portal: links of ours are paths */
export function writeReply(opened: string, locale: Locale, publicUrl: string): TelegramText {
  return showReply(chatReplySchema.parse(JSON.parse(opened)), locale, publicUrl)
}

/** An answer of the assistant as a message: its card in lines, its link and choices as buttons. */
export function showReply({ text: words, card, link, choices = [] }: ChatReply, locale: Locale, publicUrl: string): TelegramText {
  const address = link && (link.href.startsWith('/') ? `${publicUrl}${link.href}` : link.href)
  // Telegram refuses buttons that lead to this machine, as a demo's do: the address then stands in the words.
  const isButton = address !== undefined && address.startsWith('https:')
  const lines = [words, ...card ? cardLines(card, locale) : [], ...link && address && !isButton ? [`${link.label}\n${address}`] : []].filter(line => line.trim())
  return {
    text: cut(lines.join('\n\n')),
    buttons: [...choices.map(({ id, label }) => ({ label, data: id })), ...link && isButton ? [{ label: link.label, url: address }] : []],
  }
}

function cardLines(card: Card, locale: Locale): string[] {
  const rows = (list: { label: string, value: string }[]) => list.map(({ label, value }) => text(locale, 'chat.telegram.row', { label: label.replace(/[?？:：]\s*$/, ''), value })).join('\n')
  switch (card.kind) {
    case 'emergency': return [text(locale, 'chat.telegram.call', { number: card.number })]
    case 'report': return [card.reference, ...card.receipt ? [text(locale, 'chat.telegram.receipt', { receipt: card.receipt })] : [], rows(card.rows)]
    case 'officer': return [[card.name, card.badge, card.community, card.phone].filter(Boolean).join(' · '), rows(card.rows)]
    case 'summary':
    case 'handover': return [rows(card.rows)]
  }
}

/** What is too long ends at a paragraph, or at the limit. */
function cut(words: string): string {
  if (words.length <= telegramTextMax) return words
  const head = words.slice(0, telegramTextMax - 2)
  const end = head.lastIndexOf('\n')
  return `${head.slice(0, end > telegramTextMax / 2 ? end : undefined)}\n…`
}
