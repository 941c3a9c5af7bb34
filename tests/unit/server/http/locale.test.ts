import { expect, it } from 'vitest'
import { localeOfPath, negotiateLocale } from '#server/http/locale'

it.each([
  [undefined, 'zh'],
  ['*', 'zh'],
  ['zh-TW,zh;q=0.9,en;q=0.8', 'zh'],
  ['en-GB,en;q=0.9', 'en'],
  ['fr-FR,zh;q=0.5,en;q=0.8', 'en'],
  ['fr', 'en'],
  ['en;q=0,zh;q=0.1', 'zh'],
  [';;,q=,', 'zh'],
])('Accept-Language %s gets %s', (header, locale) => {
  expect(negotiateLocale(header)).toBe(locale)
})

it('a page\'s language is the first part of its path', () => {
  expect(localeOfPath('/en/reports/new?x=/zh')).toBe('en')
  expect(localeOfPath('/zh?x')).toBe('zh')
  expect(localeOfPath('/english')).toBeUndefined()
})
