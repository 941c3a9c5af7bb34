import { getQuery, getRequestHeader, type H3Event } from 'h3'
import { defaultLocale, isLocale, locales, type Locale } from '#shared/locales'

/** The best of our languages for an Accept-Language header. Someone who reads neither gets English, if they say so at all. */
export function negotiateLocale(header: string | undefined): Locale {
  const wanted = (header ?? '').split(',').map((part, order) => {
    const [tag = '', ...params] = part.trim().toLowerCase().split(';')
    const quality = params.map(param => /^\s*q=([\d.]+)/.exec(param)?.[1]).find(Boolean)
    return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality), order }
  }).filter(({ language, quality }) => /^([a-z]{2,8}|\*)$/.test(language) && quality > 0).sort((a, b) => b.quality - a.quality || a.order - b.order)

  for (const { language } of wanted) {
    const found = locales.find(({ code }) => code === language)
    if (found) return found.code
  }
  return wanted.some(({ language }) => language !== '*') ? 'en' : defaultLocale
}

/** The language of a page's address: `/en/reports/new` → en. */
export function localeOfPath(path: string): Locale | undefined {
  const first = path.split('/')[1]?.split('?')[0]
  return isLocale(first) ? first : undefined
}

/** The language of a request: the page's path, then `?locale=`, then what the browser says. */
export function requestLocale(event: H3Event): Locale {
  const query = getQuery(event).locale
  return localeOfPath(event.path) ?? (isLocale(query) ? query : negotiateLocale(getRequestHeader(event, 'accept-language')))
}
