import type { PublishedAlert } from '#shared/alerts/published-alert'
import { shownText } from '#shared/alerts/headline'
import { localeCodes, type Locale } from '#shared/locales'
import { text } from '../../texts.ts'
import { headlineOf, linkOf } from './alerts.ts'

/** What mails, pushes and chat messages set around an alert's own texts: "is this real?" has to know it for ours. The texts themselves it has. */
export function alertRenderings(publicUrl: string) {
  return (alert: PublishedAlert): { locale: Locale, text: string }[] => localeCodes.flatMap((locale) => {
    const around = [headlineOf(alert, locale), text(locale, 'alerts.messages.otherLanguage'), text(locale, 'alerts.messages.more', { link: linkOf(alert, publicUrl, locale) })]
    return around.map(words => ({ locale: shownText(alert, locale).locale, text: words }))
  })
}
