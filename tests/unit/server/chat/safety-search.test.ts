import { describe, expect, it } from 'vitest'
import { articleFinder } from '#server/chat/retrieval/article-finder'
import { localeCodes, type Locale } from '#shared/locales'
import { shippedArticles } from '../../../chat/articles.ts'

const rows = localeCodes.flatMap(locale => shippedArticles(locale).map(article => ({ ...article, locale })))
const finder = await articleFinder(rows)
const found = (question: string, locale: Locale) => finder.list(question, locale).map(({ slug }) => slug)

describe('the search at /safety', () => {
  it.each([
    ['my bike was stolen', 'en', 'ebike-theft'], ['passport lost', 'en', 'lost-id-card'], ['how do I register', 'en', 'foreigner-registration'], ['loud music at night', 'en', 'noise-complaint'],
    ['电瓶车被偷', 'zh', 'ebike-theft'], ['身份证丢了', 'zh', 'lost-id-card'], ['家暴', 'zh', 'domestic-violence'], ['狗', 'zh', 'dogs'],
  ] as const)('%s (%s) finds %s among the first three', (question, locale, slug) => {
    expect(found(question, locale).slice(0, 3)).toContain(slug)
  })

  it('each title finds its own article first', () => {
    const wrong = rows.filter(({ slug, locale, title }) => found(title, locale)[0] !== slug).map(({ title }) => title)

    expect(wrong).toEqual([])
  })

  it.each(['', '   ', '?!', 'zzzzqqqq', '𠮷', 'the of and'])('finds nothing for %j, rather than anything', (question) => {
    expect(found(question, 'en')).toEqual([])
  })

  it('shows what is in the reader\'s language before the same in another', () => {
    expect(finder.list('12367', 'en')[0]?.locale).toBe('en')
    expect(finder.list('电瓶车', 'en')[0]).toEqual({ slug: expect.any(String), locale: 'zh' })
  })
})
