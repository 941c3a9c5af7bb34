import { previewArticleSchema } from '#shared/knowledge/article-schema'
import { previewArticle } from '#server/domain/knowledge/edit-articles'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: previewArticleSchema,
  run: ({ body }) => previewArticle(body),
})
