import { checkPageOf } from '#server/domain/alerts/show-alert-pages'
import type { CheckedMessage, CheckPage } from '#shared/alerts/check-page'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

/** Is this real? What came out is shown once and kept nowhere. */
export default definePageData<CheckPage>({
  keepsTyped: true,
  load: async ({ event, locale }) => checkPageOf(await getServices(), event.context.answer as CheckedMessage | undefined, locale),
})
