import { knowledgeQuerySchema } from '#shared/knowledge/article-schema'
import { publishedFinder } from '#server/chat/retrieval/published-finder'
import { listArticles } from '#server/domain/knowledge/show-safety'
import { chatModel } from '../../http/chat-model.ts'
import { defineApiHandler } from '../../http/api-handler.ts'
import { getServices } from '../../services.ts'

export default defineApiHandler({
  query: knowledgeQuerySchema,
  async run({ query: { q, locale: wanted }, locale: own }) {
    const [services, locale] = [await getServices(), wanted ?? own]
    const found = q ? (await publishedFinder(services, chatModel())).list(q, locale) : undefined
    return { articles: await listArticles(services, locale, found) }
  },
})
