import { alertTime } from '#shared/alerts/alert-time'
import { shownHeadline, shownText } from '#shared/alerts/headline'
import { shortCodeOf } from '#shared/alerts/identifier'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { Locale } from '#shared/locales'

export interface ShareSetting { publicUrl: string, timeZone: string }

const labels = {
  zh: { until: '有效期至', code: '核验码', colon: '：', where: '、' },
  en: { until: 'Valid until', code: 'Check code', colon: ': ', where: ', ' },
} as const

/** A message as plain text for passing on: what happened, what to do, where, until when, by whom, and how to check it. */
export function shareText(alert: PublishedAlert, wanted: Locale, { publicUrl, timeZone }: ShareSetting): string {
  const { text, locale } = shownText(alert, wanted)
  const { until, code, colon, where } = labels[locale]
  return [
    shownHeadline(alert, locale), text.description, text.instruction,
    alert.areas.map(({ label }) => label[locale]).join(where),
    `${until}${colon}${alertTime(alert.expires, timeZone, locale)}`,
    alert.sender.name[locale],
    `${code}${colon}${shortCodeOf(alert.identifier)}`,
    `${publicUrl}/${locale}/alerts/${alert.identifier}`,
  ].filter(line => line !== null).join('\n')
}
