import { describe, expect, it } from 'vitest'
import { aResident } from './dialogue.ts'

describe('rating the officer in the chat', () => {
  it.each(['zh', 'en'] as const)('%s: the link of a linked account that may vote carries a pass and says for how long; of any other it carries nothing', async (locale) => {
    const of = async (community: string | null) => (await aResident(locale, { channel: 'telegram', ports: { ballotPass: () => Promise.resolve({ pass: 'p'.repeat(32), community, surveys: [] }) } }).says('/rate')).replies[0]
    expect((await of('ping-an'))?.link?.href).toMatch(new RegExp(`/${locale}/ratings\\?community=ping-an&pass=p{32}$`))
    expect((await of('ping-an'))?.text).toContain('30')
    expect((await of(null))?.link?.href).toMatch(new RegExp(`/${locale}/ratings$`))
    expect((await of(null))?.text).not.toContain('30')
  })

  it.each([['zh', '/rate'], ['zh', '评社区民警'], ['zh', '给社区民警打分'], ['en', '/rate'], ['en', 'rate my officer'], ['en', 'I want to rate the community officer']] as const)('%s “%s” leads to the page and takes no grade here, and says why', async (locale, said) => {
    const outcome = await aResident(locale, { channel: 'telegram' }).says(said)

    expect(outcome.intent).toBe('rateOfficer')
    expect(outcome.replies[0]?.link?.href).toMatch(new RegExp(`/${locale}/ratings$`))
    expect(outcome.replies[0]?.text).toContain(locale === 'zh' ? '聊天号' : 'the number of this chat')
    expect(outcome.replies[0]?.choices ?? []).toEqual([])
  })

  it.each([['zh', '民警评议结果'], ['en', 'rating results']] as const)('%s “%s” leads to what is published', async (locale, said) => {
    const outcome = await aResident(locale).says(said)

    expect(outcome.intent).toBe('ratingResults')
    expect(outcome.replies[0]?.link?.href).toMatch(/\/ratings\/results$/)
  })
})
