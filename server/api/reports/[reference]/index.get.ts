import { reportPathSchema } from '#shared/reports/report-schema'
import { trackReport } from '#server/domain/reports/track-report'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { apiReportAccess, referenceOf } from '../../../http/report-access.ts'
import { getServices } from '../../../services.ts'

/** The reporter follows the case, with the receipt in `x-receipt` or as its signed-in owner. */
export default defineApiHandler({
  params: reportPathSchema,
  async run({ event, params }) {
    const services = await getServices()
    return trackReport(services, referenceOf(params.reference), await apiReportAccess(event, services), limitsFor(event, services, 'report.guess'))
  },
})
