import { deskArticleQuerySchema, knowledgePathSchema } from '#shared/knowledge/article-schema'
import { readDeskArticle } from '#server/domain/knowledge/edit-articles'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: knowledgePathSchema,
  query: deskArticleQuerySchema,
  run: ({ services, actor, params, query }) => readDeskArticle(services, actor, params.slug, query.number),
})
