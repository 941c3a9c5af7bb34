import { knowledgePathSchema } from '#shared/knowledge/article-schema'
import type { ArticlePage } from '#shared/knowledge/safety-pages'
import { showArticlePage } from '#server/domain/knowledge/show-safety'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<ArticlePage, { slug: string }>({
  params: knowledgePathSchema,
  isPublic: true,
  load: async ({ params, locale }) => showArticlePage(await getServices(), params.slug, locale),
})
