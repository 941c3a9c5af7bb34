import { describe, expect, it } from 'vitest'
import type { SurveysHere } from '../../../../server/chat/chat-ports.ts'
import { aResident } from './dialogue.ts'

const title = { zh: '公众安全感调查', en: 'How safe we feel' }
const one = { id: '33333333-3333-4333-8333-333333333333', title, closesAt: '2026-12-01T16:00:00Z' }
const surveys = (changes: Partial<SurveysHere>): SurveysHere => ({ open: async () => [], latest: async () => undefined, ...changes })

describe('surveys in the chat', () => {
  it('the links of a linked account that may answer carry a pass, one for each survey; a survey that is not for them has none', async () => {
    const another = { ...one, id: crypto.randomUUID() }
    const asked = (mine: string[]) => aResident('en', { channel: 'telegram', ports: { surveys: surveys({ open: async () => [one, another] }), ballotPass: () => Promise.resolve({ pass: 'p'.repeat(32), community: null, surveys: mine }) } }).says('/survey')
    const both = await asked([one.id, another.id])
    expect(both.replies.map(({ link }) => link?.href.split('/en/')[1])).toEqual([undefined, `surveys/${one.id}?pass=${'p'.repeat(32)}`, `surveys/${another.id}?pass=${'p'.repeat(32)}`])
    expect(both.replies[0]?.text).toContain('so we take none')
    expect((await asked([another.id])).replies.map(({ link }) => link?.href.split('/en/')[1])).toEqual([undefined, `surveys/${another.id}?pass=${'p'.repeat(32)}`])
    expect((await asked([])).replies.map(({ link }) => link?.href.split('/en/')[1])).toEqual(['surveys'])
  })

  it.each([['zh', '/survey'], ['zh', '填问卷'], ['zh', '我想填安全感问卷'], ['zh', '有问卷吗？'], ['en', '/survey'], ['en', 'take the survey'], ['en', 'I want to answer a survey'], ['en', 'Are there any open surveys?']] as const)('%s “%s” leads to the page by a link that carries nothing of the chat; no answer is taken here, and it says why', async (locale, saidHere) => {
    const outcome = await aResident(locale, { channel: 'telegram', ports: { surveys: surveys({ open: async () => [one] }) } }).says(saidHere)

    expect(outcome.intent).toBe('takeSurvey')
    expect(outcome.replies[0]?.link?.href).toMatch(new RegExp(`/${locale}/surveys/${one.id}$`))
    expect(outcome.replies[0]?.text).toContain(title[locale])
    expect(outcome.replies[0]?.text, 'the day in the time of the station').toContain(locale === 'zh' ? '12月2日' : 'December 2')
    expect(outcome.replies[0]?.text).toContain(locale === 'zh' ? '聊天号' : 'the number of this chat')
    expect(outcome.replies[0]?.choices ?? []).toEqual([])
  })

  it('of several it lists all and leads to the list; without one it says so', async () => {
    const two = await aResident('zh', { ports: { surveys: surveys({ open: async () => [one, { ...one, id: 'x', title: { zh: '夜间巡逻和路灯', en: 'Night' } }] }) } }).says('/survey')
    expect(two.replies[0]?.text).toMatch(/公众安全感调查[^]*夜间巡逻和路灯/)
    expect(two.replies[0]?.link?.href).toMatch(/\/zh\/surveys$/)

    const none = await aResident('en').says('/survey')
    expect(none.replies[0]?.text).toContain('No survey is open')
  })

  it.each([['zh', '问卷结果'], ['zh', '安全感调查结果怎么样？'], ['zh', '居民安全感怎么样'], ['en', 'survey results'], ['en', 'How safe do people feel?']] as const)('%s “%s” says what was found in words, with how many answered and the interval', async (locale, saidHere) => {
    const figures = [{ question: { zh: '您觉得安全吗？', en: 'How safe do you feel?' }, answers: [{ zh: '很安全', en: 'Very safe' }, { zh: '安全', en: 'Safe' }], percent: 84, low: 80, high: 87, base: 420 }]
    const outcome = await aResident(locale, { ports: { surveys: surveys({ latest: async () => ({ id: one.id, title, figures }) }) } }).says(saidHere)

    expect(outcome.intent).toBe('surveyFindings')
    expect(outcome.replies[0]?.link?.href).toMatch(new RegExp(`/${locale}/surveys/${one.id}/results$`))
    expect(outcome.replies[0]?.text).toContain(locale === 'zh' ? '回答很安全、安全的占 84%（420 份回答，误差范围 80%–87%）' : 'Very safe or Safe: 84% (420 answers, 95% interval 80% to 87%)')
  })

  it('says that nothing is out while nothing is', async () => {
    const outcome = await aResident('zh').says('问卷结果')

    expect(outcome.replies[0]?.text).toContain('还没有公布过')
  })
})
