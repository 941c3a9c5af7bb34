import { alertAddressSchema, type PosterPage } from '#shared/alerts/alert-pages'
import { showPoster } from '#server/domain/alerts/show-alert-pages'
import { definePageData } from '../../../../http/page-data.ts'
import { getServices } from '../../../../services.ts'

export default definePageData<PosterPage, { identifier: string }>({
  params: alertAddressSchema,
  isPublic: true,
  load: async ({ params, locale }) => showPoster(await getServices(), params.identifier, locale),
})
