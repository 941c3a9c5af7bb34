import { knowledgePathSchema, knowledgeQuerySchema } from '#shared/knowledge/article-schema'
import { showArticle } from '#server/domain/knowledge/show-safety'
import { defineApiHandler } from '../../http/api-handler.ts'
import { getServices } from '../../services.ts'

export default defineApiHandler({
  params: knowledgePathSchema,
  query: knowledgeQuerySchema.pick({ locale: true }),
  run: async ({ params, query, locale }) => showArticle(await getServices(), params.slug, query.locale ?? locale),
})
