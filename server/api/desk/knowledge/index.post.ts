import { saveArticleSchema } from '#shared/knowledge/article-schema'
import { saveArticle } from '#server/domain/knowledge/edit-articles'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveArticleSchema,
  maxBytes: 128 * 1024,
  run: ({ services, actor, body }) => saveArticle(services, actor, body),
})
