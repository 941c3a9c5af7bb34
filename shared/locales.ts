/** The languages of the portal, the bot and every message. The first is the default. */
export const locales = [
  { code: 'zh', language: 'zh-CN', name: '中文', dir: 'ltr' },
  { code: 'en', language: 'en', name: 'English', dir: 'ltr' },
] as const

export type Locale = (typeof locales)[number]['code']

export const defaultLocale: Locale = 'zh'

export const localeCodes = locales.map(({ code }) => code) as [Locale, ...Locale[]]

/** True for the code of a language that we have texts in. */
/** Is this the code of one of our languages? */
export function isLocale(value: unknown): value is Locale {
  return localeCodes.some(code => code === value)
}
