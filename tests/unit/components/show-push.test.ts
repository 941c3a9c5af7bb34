import { describe, expect, it } from 'vitest'
import { pushPayload } from '#server/outbox/messages/alerts'
import { addressOf, notificationOf } from '../../../components/enhance/push/show-push.ts'
import { aPublishedAlert as anAlert } from '../../../tests/alerts/a-published-alert.ts'

const publicUrl = 'https://ping-an.example'
const fallback = { title: '派出所有新消息', url: '/zh/alerts' }
const shown = (changes: Parameters<typeof anAlert>[0] = {}, locale: 'zh' | 'en' = 'zh') => notificationOf(pushPayload(anAlert(changes), locale, publicUrl), fallback)
const rain = { zh: { headline: '暴雨将至', description: '今晚有大暴雨。', instruction: '不要出门。' }, en: { headline: 'Heavy rain', description: 'It will rain tonight.', instruction: 'Stay at home.' } }

describe('what a push shows', () => {
  it('says the colour in words and what to do, in the language of whoever subscribed', () => {
    expect(shown({ colour: 'red', texts: rain })).toMatchObject({ title: '红色预警：暴雨将至', options: { body: '今晚有大暴雨。\n不要出门。', lang: 'zh' } })
    expect(shown({ colour: 'red', texts: rain }, 'en')).toMatchObject({ title: 'Red warning: Heavy rain', options: { body: 'It will rain tonight.\nStay at home.', lang: 'en' } })
  })

  it.each(['zh', 'en'] as const)('in %s the first word of a drill is that it is one, and it does not stay on the screen as red does', (locale) => {
    const drill = shown({ colour: 'red', isExercise: true, texts: rain }, locale)

    expect(drill.title).toMatch(locale === 'zh' ? /^【演练】红色预警：暴雨将至$/ : /^EXERCISE: Red warning: Heavy rain$/)
    expect(drill.options.requireInteraction).toBe(false)
    expect(shown({ colour: 'red', texts: rain }, locale).options.requireInteraction).toBe(true)
    expect(shown({ colour: 'yellow', texts: rain }, locale).options.requireInteraction).toBe(false)
  })

  it('an update takes the place of what it updates and is heard all the same; another chain stands beside it', () => {
    const first = shown()
    const update = shown({ messageType: 'update', identifier: 'LLA-1111-2222', chain: anAlert().chain })

    expect(update.options.tag).toBe(first.options.tag)
    expect(update.options.renotify).toBe(true)
    expect(shown({ chain: 'LLA-3333-4444' }).options.tag).not.toBe(first.options.tag)
  })

  it('says when it was sent, and offers two answers', () => {
    const { options } = shown({ sent: '2026-11-22T08:00:00Z' })

    expect(options.timestamp).toBe(Date.parse('2026-11-22T08:00:00Z'))
    expect(options.actions.map(({ action }) => action)).toEqual(['seen', 'safe'])
  })

  it.each([
    ['nothing', undefined], ['no JSON', '<html>'], ['another kind of JSON', '[1]'], ['null', 'null'], ['a push without a title', '{"url":"https://ping-an.example/","tag":"x"}'], ['an empty title', '{"title":"","url":"https://ping-an.example/","tag":"x"}'],
  ])('%s still shows that there is news, and leads to the list', (_, text) => {
    expect(notificationOf(text, fallback)).toMatchObject({ title: '派出所有新消息', options: { data: { url: '/zh/alerts' } } })
  })
})

describe('where a tap leads', () => {
  const { options: { data } } = shown()
  const go = (action: string, from = data) => addressOf(from, action, publicUrl)
  const { identifier } = anAlert()

  it('to the alert; who knows something goes on in the report form', () => {
    expect(go('')).toBe(`${publicUrl}/zh/alerts/${identifier}`)
    expect(go('seen')).toBe(go(''))
    expect(go('help')).toBe(`${publicUrl}/zh/alerts/${identifier}#answers`)
    expect(go('know')).toBe(`${publicUrl}/zh/reports/new?alert=${identifier}`)
    expect(go('know', fallback)).toBe(`${publicUrl}/zh/alerts`)
  })

  it('never to another site', () => {
    for (const url of ['https://evil.example/', '//evil.example/', 'javascript:alert(1)', 'http://ping-an.example/zh', 'https://']) expect(go('', { url }), url).toMatch(/^https:\/\/ping-an\.example\//)
  })
})
