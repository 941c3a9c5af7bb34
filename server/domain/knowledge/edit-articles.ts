import type { ArticleVersion, DeskArticle, DeskArticles, SaveArticle, SavedArticle } from '#shared/knowledge/article-schema'
import type { Locale } from '#shared/locales'
import type { DeskActor } from '#server/db/desk-reports'
import { deskArticleQueries, type ArticleVersionRow } from '#server/db/knowledge'
import type { Services } from '../services.ts'
import { forgetArticles } from './get-articles.ts'
import { brokenLinks, renderArticle } from './render-article.ts'

/** All articles, hidden ones too, as every member of staff may read them. @throws AppError forbidden */
export async function listDeskArticles({ clients }: Services, actor: DeskActor): Promise<DeskArticles> {
  const { may_edit: mayEdit, articles } = await deskArticleQueries(clients, actor).list()
  return {
    mayEdit,
    articles: articles.map(({ published_at: publishedAt, changed_at: changedAt, changed_by: changedBy, reviewed_on: reviewedOn, has_update: hasUpdate, ...article }) => ({ ...article, publishedAt, changedAt, changedBy, reviewedOn, hasUpdate })),
  }
}

const versionOf = ({ made_at: madeAt, made_by: madeBy, is_shipped: isShipped, reviewed_on: reviewedOn, restored_from: restoredFrom, ...version }: ArticleVersionRow): ArticleVersion => ({ ...version, madeAt, madeBy, isShipped, reviewedOn, restoredFrom })

/** One article with all of its versions. @param number of the version to show; without it the one to go on with. @throws AppError forbidden, not_found */
export async function readDeskArticle({ clients }: Services, actor: DeskActor, slug: string, number?: number): Promise<DeskArticle> {
  const { ok: _, may_edit: mayEdit, published_number: publishedNumber, latest_number: latestNumber, version, versions, ...article } = await deskArticleQueries(clients, actor).read(slug, number)
  return { ...article, mayEdit, publishedNumber, latestNumber, version: versionOf(version), versions: versions.map(versionOf) }
}

/** Adds a version; residents read it if it is published with that. @throws AppError forbidden, conflict when somebody saved meanwhile, invalid_input */
export async function saveArticle(services: Services, actor: DeskActor, article: SaveArticle): Promise<SavedArticle> {
  const { number, state, taken } = await deskArticleQueries(services.clients, actor).save(article)
  if (article.publishes) forgetArticles(services)
  return { number, state, taken }
}

/** Lets residents read a version, or takes the article away from them. @throws AppError forbidden, not_found */
export async function publishArticle(services: Services, actor: DeskActor, slug: string, number: number | null) {
  const { state } = await deskArticleQueries(services.clients, actor).publish(slug, number)
  forgetArticles(services)
  return { state }
}

/** The body as residents will see it, and the links in it that lead nowhere. */
export const previewArticle = ({ body, locale }: { body: string, locale: Locale }) => ({ html: renderArticle(body, locale), broken: brokenLinks(body) })
