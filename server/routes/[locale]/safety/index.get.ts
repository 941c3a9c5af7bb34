import { getQuery } from 'h3'
import { z } from 'zod'
import type { SafetyPage } from '#shared/knowledge/safety-pages'
import { publishedFinder } from '#server/chat/retrieval/published-finder'
import { showSafety } from '#server/domain/knowledge/show-safety'
import { chatModel } from '../../../http/chat-model.ts'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

const searchSchema = z.string().trim().transform(text => text.slice(0, 200)).catch('')

export default definePageData<SafetyPage>({
  isPublic: true,
  async load({ event, locale }) {
    const [services, query] = [await getServices(), searchSchema.parse(getQuery(event).q)]
    return showSafety(services, locale, query ? { query, found: (await publishedFinder(services, chatModel())).list(query, locale) } : undefined)
  },
})
