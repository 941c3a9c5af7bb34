import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { localeCodes } from '../locales.ts'
import { articleTopics } from './topics.ts'

/* Articles of the knowledge base, as pages, API and desk see them. private.is_article in the database has the same limits. */

export const articleLimits = { title: 100, summary: 240, ask: 60, askLine: 120, body: 8000, related: 8 } as const

const instant = z.string().meta({ format: 'date-time' })
const line = (most: number) => z.string('required').trim().min(1, 'required').max(most, 'textMax')
export const slugSchema = z.string().max(60).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'invalid')

export const articleTextSchema = z.object({
  title: line(articleLimits.title), summary: line(articleLimits.summary), ask: z.array(line(articleLimits.askLine)).max(articleLimits.ask, 'tooMany'), body: line(articleLimits.body),
})
export type ArticleText = z.infer<typeof articleTextSchema>
export type ArticleTexts = Partial<Record<typeof localeCodes[number], ArticleText>>
const textsSchema = z.partialRecord(z.enum(localeCodes), articleTextSchema)

/** What a list shows. `locale` is the language that the words are in: not always the one that was asked for. */
export const articleCardSchema = z.object({ slug: z.string(), topic: z.enum(articleTopics), title: z.string(), summary: z.string(), locale: z.enum(localeCodes) })
export type ArticleCard = z.infer<typeof articleCardSchema>
export const articleCardsSchema = z.object({ articles: z.array(articleCardSchema) })

export const articleSchema = articleCardSchema.extend({
  body: z.string().meta({ description: 'Markdown without HTML' }), html: z.string(), reviewedOn: z.iso.date(), related: z.array(articleCardSchema),
})
export type ArticleAnswer = z.infer<typeof articleSchema>

export const knowledgeQuerySchema = z.object({ locale: z.enum(localeCodes).optional(), q: z.string().trim().max(200).optional() })
export const knowledgePathSchema = z.object({ slug: slugSchema })

/** What residents see of it: nothing, an older version than the newest of the desk, or the newest. */
export const articleStates = ['hidden', 'changed', 'published'] as const

export const deskArticlesSchema = z.object({
  mayEdit: z.boolean(),
  articles: z.array(z.object({
    slug: z.string(), topic: z.enum(articleTopics), titles: z.partialRecord(z.enum(localeCodes), z.string()), state: z.enum(articleStates), publishedAt: instant.nullable(), changedAt: instant,
    changedBy: localisedSchema.nullable(), reviewedOn: z.iso.date(), hasUpdate: z.boolean(),
  })),
})
export type DeskArticles = z.infer<typeof deskArticlesSchema>

const versionSchema = z.object({ number: z.number(), madeAt: instant, madeBy: localisedSchema.nullable(), isShipped: z.boolean(), reviewedOn: z.iso.date(), restoredFrom: z.number().nullable() })
export type ArticleVersion = z.infer<typeof versionSchema>
export const deskArticleSchema = z.object({
  slug: z.string(), mayEdit: z.boolean(), state: z.enum(articleStates), publishedNumber: z.number().nullable(), latestNumber: z.number(), version: versionSchema, topic: z.enum(articleTopics),
  related: z.array(z.string()), texts: textsSchema, versions: z.array(versionSchema),
})
export type DeskArticle = z.infer<typeof deskArticleSchema>
export const deskArticleQuerySchema = z.object({ number: z.coerce.number().int().min(1).optional() })

/** `base`: the newest number that the editor had seen, 0 for a new article. */
export const saveArticleSchema = z.object({
  slug: slugSchema, topic: z.enum(articleTopics), related: z.array(slugSchema).max(articleLimits.related, 'tooMany'), texts: textsSchema.refine(texts => Object.keys(texts).length > 0, 'required'),
  base: z.number().int().min(0), restoredFrom: z.number().int().min(1).optional(), publishes: z.boolean().default(false),
})
export type SaveArticle = z.infer<typeof saveArticleSchema>
/** `taken`: lines that stand under another article, too; the chatbot cannot tell the two apart by them. */
export const savedArticleSchema = z.object({ number: z.number(), state: z.enum(articleStates), taken: z.array(z.object({ locale: z.enum(localeCodes), line: z.string(), slug: z.string() })) })
export type SavedArticle = z.infer<typeof savedArticleSchema>

/** null takes the article away from residents. */
export const publishArticleSchema = z.object({ number: z.number().int().min(1).nullable() })
export const publishedArticleSchema = z.object({ state: z.enum(articleStates) })

export const previewArticleSchema = z.object({ locale: z.enum(localeCodes), body: z.string().max(articleLimits.body) })
/** `broken`: addresses that lead nowhere. */
export const previewSchema = z.object({ html: z.string(), broken: z.array(z.string()) })
