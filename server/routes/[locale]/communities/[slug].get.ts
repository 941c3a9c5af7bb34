import { communityPathSchema, type CommunityPage } from '#shared/communities/community-pages'
import { showCommunity } from '#server/domain/communities/show-community'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<CommunityPage, { slug: string }>({
  params: communityPathSchema,
  isPublic: true,
  load: async ({ params }) => showCommunity(await getServices(), params.slug),
})
