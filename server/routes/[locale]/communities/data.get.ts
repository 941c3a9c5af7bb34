import type { DataPage } from '#shared/communities/community-pages'
import { listDataReleases } from '#server/domain/communities/open-data'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<DataPage>({ isPublic: true, load: async () => ({ releases: (await listDataReleases(await getServices())).slice(0, 20) }) })
