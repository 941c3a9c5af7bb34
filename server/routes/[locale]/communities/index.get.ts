import type { CommunitiesPage } from '#shared/communities/community-pages'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { showCommunities } from '#server/domain/communities/show-community'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<CommunitiesPage>({
  isPublic: true,
  load: async () => showCommunities(await getReferenceData(await getServices())),
})
