import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { articleStates, articleTextSchema, type SaveArticle } from '#shared/knowledge/article-schema'
import { articleTopics } from '#shared/knowledge/topics'
import { localeCodes } from '#shared/locales'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const locale = z.enum(localeCodes)
const state = z.enum(articleStates)

const searchable = z.object({
  version: z.string(),
  articles: z.array(z.object({
    slug: z.string(), locale, topic: z.enum(articleTopics), title: z.string(), summary: z.string(), ask: z.array(z.string()), body: z.string(), related: z.array(z.string()), reviewed_on: z.iso.date(),
  })).nullable(),
})
export type SearchableArticle = NonNullable<z.infer<typeof searchable>['articles']>[number]

/** Everything published, in each language that it has. @param known the version that the caller has: unchanged, `articles` is null */
export function readArticles({ server }: Clients, known?: string) {
  return call(server, 'list_articles_for_search', known === undefined ? {} : { p_version: known }, searchable)
}

const version = z.object({ number: z.number(), made_at: instant, made_by: localisedSchema.nullable(), is_shipped: z.boolean(), reviewed_on: z.iso.date(), restored_from: z.number().nullable() })
export type ArticleVersionRow = z.infer<typeof version>

const list = done.extend({
  may_edit: z.boolean(),
  articles: z.array(z.object({
    slug: z.string(), topic: z.enum(articleTopics), titles: z.partialRecord(locale, z.string()), state, published_at: instant.nullable(), changed_at: instant, changed_by: localisedSchema.nullable(),
    reviewed_on: z.iso.date(), has_update: z.boolean(),
  })),
})
const one = done.extend({
  may_edit: z.boolean(), slug: z.string(), state, published_number: z.number().nullable(), latest_number: z.number(), version, topic: z.enum(articleTopics), related: z.array(z.string()),
  texts: z.partialRecord(locale, articleTextSchema), versions: z.array(version),
})

const saveArticleAnswer = done.extend({ number: z.number(), state, taken: z.array(z.object({ locale, line: z.string(), slug: z.string() })) })
const publishArticleAnswer = done.extend({ state })

/** Articles as staff read and write them, under their own token. */
export function deskArticleQueries({ as }: Clients, { accessToken }: DeskActor) {
  const own = as(accessToken)
  return {
    list: () => call(own, 'list_desk_articles', undefined as never, list),
    read: (slug: string, number?: number) => call(own, 'read_desk_article', { p: { slug, ...(number !== undefined && { number }) } }, one),
    save: ({ restoredFrom, ...article }: SaveArticle) => call(own, 'save_article', { p: { ...article, restored_from: restoredFrom ?? null } as never },
      saveArticleAnswer),
    publish: (slug: string, number: number | null) => call(own, 'publish_article', { p: { slug, number } }, publishArticleAnswer),
  }
}
