import { describe, expect, it } from 'vitest'
import { pushMessageSchema } from '#shared/alerts/push-message'
import { answerButtons, pushPayload } from '#server/outbox/messages/alerts'
import { writeMail } from '#server/outbox/messages/write-mail'
import { aPublishedAlert as anAlert } from '../../../alerts/a-published-alert.ts'

const publicUrl = 'https://ping-an.example'
const settings = `${publicUrl}/zh/alerts/subscriptions/token`
const mailOf = (alert: ReturnType<typeof anAlert>, locale: 'zh' | 'en' = 'zh') => writeMail({ template: `alerts.${alert.messageType}`, locale, reference: null, matters: 1, params: {}, alertIdentifier: alert.identifier, alert }, { publicUrl, settings })

describe('an alert by mail', () => {
  it('says all of it, with the link to the page and to the settings', () => {
    const alert = anAlert({ colour: 'red', texts: { zh: { headline: '燃气泄漏', description: '请立即离开。', instruction: null } } })
    const mail = mailOf(alert)

    expect(mail?.subject).toBe('红色预警：燃气泄漏')
    expect(mailOf(anAlert())?.subject, 'the colour is in the headline already').toBe('橙色预警：冒充快递客服退款诈骗多发')
    for (const part of [alert.texts.zh.description, `${publicUrl}/zh/alerts/${alert.identifier}`, '请先报警', settings]) expect(mail?.body).toContain(part)
  })

  it.each(['zh', 'en'] as const)('in %s the first word of a drill is that it is one, an update and an end say what they are', (locale) => {
    expect(mailOf(anAlert({ isExercise: true, colour: 'blue' }), locale)?.subject).toMatch(locale === 'zh' ? /^【演练】蓝色预警：/ : /^EXERCISE: Blue warning: /)
    expect(mailOf(anAlert({ messageType: 'cancel' }), locale)?.subject).toMatch(locale === 'zh' ? /^取消：/ : /^Cancelled: /)
    expect(mailOf(anAlert({ messageType: 'all_clear' }), locale)?.subject).toMatch(locale === 'zh' ? /^解除：/ : /^All clear: /)
  })

  it('that is not there has no words; one without English says so', () => {
    expect(writeMail({ template: 'alerts.alert', locale: 'zh', reference: null, matters: 1, params: {} }, { publicUrl })).toBeUndefined()
    const { zh } = anAlert().texts
    expect(mailOf(anAlert({ texts: { zh } }), 'en')?.body).toContain('in Chinese only')
  })
})

it('an alert by push fits, however long its words are, and names its chain so that an update takes its place', () => {
  const alert = anAlert()
  const long = anAlert({ texts: { zh: { headline: '长'.repeat(140), description: '长"\n'.repeat(600), instruction: '做'.repeat(1000) } } })

  expect(Buffer.byteLength(pushPayload(long, 'zh', publicUrl))).toBeLessThanOrEqual(2000)
  for (const written of [pushPayload(long, 'zh', publicUrl), pushPayload(anAlert({ isExercise: true }), 'en', publicUrl)]) expect(pushMessageSchema.parse(JSON.parse(written))).toEqual(JSON.parse(written))
  expect(JSON.parse(pushPayload(alert, 'zh', publicUrl))).toMatchObject({ tag: alert.chain, identifier: alert.identifier, url: `${publicUrl}/zh/alerts/${alert.identifier}` })
})

it('buttons of Telegram fit into its 64 bytes; what has ended asks only whether it was seen', () => {
  expect(answerButtons(anAlert(), 'zh').map(({ data }) => data?.split(':')[0])).toEqual(['al.seen', 'al.safe', 'al.help', 'al.know'])
  expect(answerButtons(anAlert({ messageType: 'all_clear' }), 'en')).toHaveLength(1)
  for (const { data = '' } of answerButtons(anAlert(), 'zh')) expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64)
})
