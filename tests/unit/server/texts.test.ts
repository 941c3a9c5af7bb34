import { describe, expect, it } from 'vitest'
import { errorCodes } from '#shared/errors'
import { localeCodes } from '#shared/locales'
import { text } from '#server/texts'

describe.each(localeCodes)('what the server says in %s', (locale) => {
  it.each(Object.keys(errorCodes))('has a title and a sentence for %s', (code) => {
    for (const part of ['title', 'detail']) {
      const key = `errors.codes.${code}.${part}`

      expect(text(locale, key), `Fix: write ${key} in locales/${locale}/errors.json.`).not.toBe(key)
    }
  })

  it('fills in what it is given', () => {
    expect(text(locale, 'errors.codes.rate_limited.detail', { seconds: 30 })).toContain('30')
  })
})
