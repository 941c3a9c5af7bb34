import { responsesFor, type ResponseKind } from '#shared/alerts/responses'
import { shownText, withExercise } from '#shared/alerts/headline'
import type { PushMessage } from '#shared/alerts/push-message'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { Locale } from '#shared/locales'
import { text } from '../../texts.ts'
import type { TelegramButton } from '../channels/telegram.ts'
import type { MessageFile, MessageKind } from './message-kind.ts'

/** To whoever asked for alerts: what it says, since everybody may read it. To whoever is on duty: that somebody asked for help, never what. */
export const alertMessages: MessageFile = {
  alert: toSubscriber(), update: toSubscriber(), cancel: toSubscriber(), all_clear: toSubscriber(),
  confirm: {
    weight: 'urgent',
    write: ({ locale, params }, publicUrl) => ({
      subject: text(locale, 'alerts.messages.confirmSubject'),
      body: text(locale, 'alerts.messages.confirm', { link: `${publicUrl}/${locale}/alerts/confirm/${params.confirm ?? ''}` }),
    }),
  },
  help: {
    weight: 'call',
    write: ({ locale, alertIdentifier }, publicUrl) => ({
      subject: text(locale, 'alerts.messages.helpSubject'),
      body: text(locale, 'alerts.messages.help', { alert: alertIdentifier ?? '', link: `${publicUrl}/${locale}/desk/alerts/${alertIdentifier ?? ''}` }),
    }),
  },
}

function toSubscriber(): MessageKind {
  return {
    weight: 'important', footer: 'alerts.messages.footer',
    write: ({ locale, alert }, publicUrl) => alert && { subject: headlineOf(alert, locale), body: [...wordsOf(alert, locale), text(locale, 'alerts.messages.more', { link: linkOf(alert, publicUrl, locale) })].join('\n\n') },
  }
}

/** `Red warning: …`; a drill says so first. */
export function headlineOf(alert: PublishedAlert, locale: Locale): string {
  const what = alert.messageType === 'alert' ? alert.colour ?? alert.kind : alert.messageType
  const [word, { text: { headline } }] = [text(locale, `alerts.messages.what.${what}`), shownText(alert, locale)]
  // Many officers write the colour into the headline themselves.
  return withExercise(headline.toLowerCase().startsWith(word.toLowerCase()) ? headline : text(locale, 'alerts.messages.headline', { what: word, headline }), alert.isExercise, locale)
}

export const linkOf = ({ identifier }: PublishedAlert, publicUrl: string, locale: Locale): string => `${publicUrl}/${locale}/alerts/${identifier}`

/** What it says and what to do, in the language that there is. */
export function wordsOf(alert: PublishedAlert, wanted: Locale): string[] {
  const { text: words, locale } = shownText(alert, wanted)
  return [...locale === wanted ? [] : [text(wanted, 'alerts.messages.otherLanguage')], words.description, ...words.instruction ? [words.instruction] : []]
}

/** The answers that a message offers, as buttons of Telegram. server/chat/intents/alert-answers.ts takes them. */
export const answerButtons = (alert: PublishedAlert, locale: Locale): TelegramButton[] => responsesFor(alert).map(kind => ({ label: answerLabel(kind, locale), data: answerData(kind, alert.identifier) }))
/** 21 bytes of the 64 that Telegram allows. */
export const answerData = (kind: ResponseKind, identifier: string): string => `al.${kind}:${identifier}`
const answerLabel = (kind: ResponseKind, locale: Locale) => text(locale, `alerts.messages.answers.${kind}`)

/** What a browser shows, as JSON for the service worker. At most `most` bytes: long texts end early, the page has the rest. */
export function pushPayload(alert: PublishedAlert, locale: Locale, publicUrl: string, most = 2000): string {
  const payload = (body: string) => JSON.stringify({
    title: headlineOf(alert, locale), body, url: linkOf(alert, publicUrl, locale), tag: alert.chain, identifier: alert.identifier, colour: alert.colour, isExercise: alert.isExercise, sent: alert.sent, locale,
    actions: responsesFor(alert).slice(0, 2).map(kind => ({ action: kind, title: answerLabel(kind, locale) })),
  } satisfies PushMessage)
  const words = [...wordsOf(alert, locale).join('\n')]
  for (let length = Math.min(words.length, 600); ; length = Math.floor(length * 0.8)) {
    const written = payload(length < words.length ? `${words.slice(0, length).join('')}…` : words.join(''))
    if (Buffer.byteLength(written) <= most || length === 0) return written
  }
}
