import { AppError } from '#shared/errors'
import { builtNouns } from '#shared/features'
import type { ArticleAnswer, ArticleCard } from '#shared/knowledge/article-schema'
import type { ArticlePage, SafetyPage } from '#shared/knowledge/safety-pages'
import { articleTopics } from '#shared/knowledge/topics'
import type { Locale } from '#shared/locales'
import type { Services } from '../services.ts'
import { cardOf, getArticles, shownLocale } from './get-articles.ts'
import { isUrgent, renderArticle } from './render-article.ts'

const hasChat = builtNouns.includes('chat')

/** An article, and the language in which it was found. */
export interface FoundIn { slug: string, locale: Locale }

/** Articles as a list, or what a search found; in the reader's language as far as there is one. */
export async function listArticles(services: Services, locale: Locale, found?: readonly FoundIn[]): Promise<ArticleCard[]> {
  const { bySlug } = await getArticles(services)
  return (found ?? [...bySlug.keys()].map(slug => ({ slug, locale }))).flatMap(({ slug, locale: in_ }) => {
    const article = bySlug.get(slug)
    return article ? [cardOf(article, in_)] : []
  })
}

/** What /safety shows. @param search what was looked for, and what it found */
export async function showSafety(services: Services, locale: Locale, search?: { query: string, found: readonly FoundIn[] }): Promise<SafetyPage> {
  const all = await listArticles(services, locale)
  return {
    query: search?.query ?? '', hasChat, found: search ? await listArticles(services, locale, search.found) : null,
    topics: articleTopics.map(topic => ({ topic, articles: all.filter(article => article.topic === topic) })).filter(({ articles }) => articles.length > 0),
  }
}

/** One article with its HTML. @throws AppError not_found */
export async function showArticle(services: Services, slug: string, locale: Locale): Promise<ArticleAnswer> {
  const { bySlug } = await getArticles(services)
  const article = bySlug.get(slug)
  const shown = article && shownLocale(article, locale)
  const text = shown && article.texts[shown]
  if (!text) throw new AppError('not_found')
  return {
    ...cardOf(article, locale), body: text.body, html: renderArticle(text.body, locale, bySlug), reviewedOn: article.reviewedOn,
    related: article.related.flatMap((other) => {
      const known = bySlug.get(other)
      return known ? [cardOf(known, locale)] : []
    }),
  }
}

/** What /safety/{slug} shows. @throws AppError not_found */
export async function showArticlePage(services: Services, slug: string, locale: Locale): Promise<ArticlePage> {
  const article = await showArticle(services, slug, locale)
  return { article, isUrgent: isUrgent(article.body), hasChat }
}
