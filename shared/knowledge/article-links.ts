import { builtNouns, type Noun } from '../features.ts'

/** Whose pages lie under the first part of an address. */
const nounOf: Record<string, Noun> = {
  reports: 'reports', communities: 'communities', account: 'accounts', privacy: 'trust', verify: 'trust', safety: 'knowledge', chat: 'chat',
  alerts: 'alerts', patrols: 'patrols', ratings: 'ratings', surveys: 'surveys',
}

/**
 * Where a link of an article leads: inside the site in the reader's language, to another site over https, or nowhere.
 * A page whose noun is not built yet is no link: the words stay, and become one with their noun.
 */
export function articleHref(href: string, locale: string, built: readonly Noun[] = builtNouns): string | undefined {
  if (/^https:\/\/[a-z0-9.-]+(\/|$)/.test(href)) return href
  const [, first = ''] = /^\/([a-z-]+)(?:\/[a-z0-9/-]+)?$/.exec(href) ?? []
  const noun = Object.hasOwn(nounOf, first) ? nounOf[first] : undefined
  return noun && built.includes(noun) ? `/${locale}${href}` : undefined
}

/** Is this an address that an article may link to at all, now or with its noun? */
export const isArticleLink = (href: string): boolean => articleHref(href, 'zh', Object.values(nounOf)) !== undefined
