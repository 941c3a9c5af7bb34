import { knowledgePathSchema, publishArticleSchema } from '#shared/knowledge/article-schema'
import { publishArticle } from '#server/domain/knowledge/edit-articles'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: knowledgePathSchema,
  body: publishArticleSchema,
  run: ({ services, actor, params, body }) => publishArticle(services, actor, params.slug, body.number),
})
