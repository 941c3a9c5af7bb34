import type { FiguresPage } from '#shared/communities/community-pages'
import { showFigures } from '#server/domain/communities/show-community'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<FiguresPage>({ isPublic: true, load: async () => showFigures(await getServices()) })
