import type { ArticleCard, ArticleTexts } from '#shared/knowledge/article-schema'
import { defaultLocale, localeCodes, type Locale } from '#shared/locales'
import { readArticles, type SearchableArticle } from '#server/db/knowledge'
import type { ArticleTopic } from '#shared/knowledge/topics'
import type { Services } from '../services.ts'

/** A published article in every language that it has. */
export interface Article { slug: string, topic: ArticleTopic, related: string[], reviewedOn: string, texts: ArticleTexts }

/** `version` changes whenever anything changes that residents read; `rows` has one entry a language, for an index. */
export interface Articles { version: string, rows: SearchableArticle[], bySlug: Map<string, Article> }

const ttlMilliseconds = 60_000
const kept = new WeakMap<Services, { at: number, articles: Promise<Articles> }>()

/** The published knowledge base; kept for a minute, then asked whether it changed. */
export async function getArticles(services: Services, now = Date.now()): Promise<Articles> {
  const known = kept.get(services)
  if (known && now - known.at < ttlMilliseconds) return known.articles
  const articles = read(services, await known?.articles.catch(() => undefined))
  kept.set(services, { at: now, articles })
  // As with reference data: an older answer is better than none while the database is away.
  return articles.catch((error: unknown) => {
    if (known) { kept.set(services, { at: now, articles: known.articles }); return known.articles }
    kept.delete(services)
    throw error
  })
}

/** This portal changed something: others see it within a minute. */
export function forgetArticles(services: Services): void {
  const known = kept.get(services)
  if (known) kept.set(services, { ...known, at: Number.NEGATIVE_INFINITY })
}

async function read({ clients }: Services, known?: Articles): Promise<Articles> {
  const { version, articles } = await readArticles(clients, known?.version)
  if (!articles) return known ?? { version, rows: [], bySlug: new Map() }
  const bySlug = new Map<string, Article>()
  for (const { slug, locale, topic, related, reviewed_on: reviewedOn, title, summary, ask, body } of articles) {
    const article = bySlug.get(slug) ?? { slug, topic, related, reviewedOn, texts: {} }
    article.texts[locale] = { title, summary, ask, body }
    bySlug.set(slug, article)
  }
  return { version, rows: articles, bySlug }
}

/** May a page of ours link to this article, or has the station taken it away? While nothing can be asked: no link. */
export async function isPublished(services: Services, slug: string): Promise<boolean> {
  return getArticles(services).then(({ bySlug }) => bySlug.has(slug), () => false)
}

/** The language to show an article in: the reader's, else the default, else the first that it has. */
export function shownLocale(article: Article, locale: Locale): Locale {
  return [locale, defaultLocale, ...localeCodes].find(code => article.texts[code]) ?? locale
}

/** What a list says of an article. */
export function cardOf(article: Article, wanted: Locale): ArticleCard {
  const locale = shownLocale(article, wanted)
  const { title = article.slug, summary = '' } = article.texts[locale] ?? {}
  return { slug: article.slug, topic: article.topic, title, summary, locale }
}
