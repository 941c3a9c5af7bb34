import { describe, expect, it } from 'vitest'
import { messageChecker } from '#server/domain/alerts/check/check-message'
import { shareText } from '#server/domain/alerts/share-text'
import { alertRenderings } from '#server/outbox/messages/alert-renderings'
import { alertMessages, headlineOf, pushPayload, wordsOf } from '#server/outbox/messages/alerts'
import { knownAlerts, now, publicUrl } from '../../../../alerts/known-alerts.ts'

const setting = { publicUrl, timeZone: 'Asia/Shanghai' }
const alerts = Object.values(knownAlerts)
const check = messageChecker(alerts, { ...setting, renderings: alertRenderings(publicUrl) })

function mailOf(alert: (typeof alerts)[number], locale: 'zh' | 'en') {
  const mail = alertMessages[alert.messageType]?.write({ template: '', locale, params: {}, reference: null, matters: 0, alert }, publicUrl)
  if (!mail) throw new Error('an alert without its mail')
  return mail
}

describe.each(alerts.flatMap(alert => (['zh', 'en'] as const).map(locale => ({ name: `${alert.identifier} in ${locale}`, alert, locale }))))('what we write ourselves about $name is never called altered:', ({ alert, locale }) => {
  const ours = (text: string) => expect(check(text, now), text).toMatchObject({ identifier: alert.identifier, verdict: expect.not.stringMatching(/altered|unknown/) as unknown })

  it('the text to pass on', () => { ours(shareText(alert, locale, setting)) })

  it('the mail', () => {
    const { subject, body } = mailOf(alert, locale)

    ours(`${subject}\n${body}`)
    ours(body)
  })

  it('the push and the message of Telegram', () => {
    const { title, body } = JSON.parse(pushPayload(alert, locale, publicUrl)) as { title: string, body: string }

    ours(`${title}\n${body}`)
    ours([headlineOf(alert, locale), ...wordsOf(alert, locale)].join('\n\n'))
  })

  it('and what is altered in it is', () => {
    expect(check(shareText(alert, locale, setting).replace(publicUrl, 'https://example.org'), now).verdict).not.toBe('genuine')
  })
})
