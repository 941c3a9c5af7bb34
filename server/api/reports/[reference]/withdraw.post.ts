import { reportPathSchema } from '#shared/reports/report-schema'
import { withdrawReport } from '#server/domain/reports/withdraw-report'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { apiReportAccess, referenceOf } from '../../../http/report-access.ts'
import { getServices } from '../../../services.ts'

/** The reporter takes the report back. */
export default defineApiHandler({
  params: reportPathSchema,
  async run({ event, params }) {
    const services = await getServices()
    await withdrawReport(services, referenceOf(params.reference), await apiReportAccess(event, services), limitsFor(event, services, 'report.guess'))
  },
})
