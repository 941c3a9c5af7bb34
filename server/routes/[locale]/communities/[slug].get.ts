import { z } from 'zod'
import type { CommunityPage } from '#shared/communities/community-pages'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { showCommunity } from '#server/domain/communities/show-community'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<CommunityPage, { slug: string }>({
  params: z.object({ slug: z.string().max(60) }),
  isPublic: true,
  load: async ({ params }) => showCommunity(await getReferenceData(await getServices()), params.slug),
})
