import type { CurrentAlerts } from '#shared/alerts/alert-pages'
import { AppError } from '#shared/errors'
import { showCurrentAlerts, unknownAlerts } from '#server/domain/alerts/show-alert-pages'
import { definePageData } from '../../http/page-data.ts'
import { getServices } from '../../services.ts'

/** The front page opens whatever happens: without the database it says that it knows of no alerts. */
export default definePageData<CurrentAlerts>({
  isPublic: true,
  async load({ locale }) {
    const services = await getServices().catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'unavailable') return undefined
      throw error
    })
    return services ? showCurrentAlerts(services, locale) : unknownAlerts
  },
})
