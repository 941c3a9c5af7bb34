import { z } from 'zod'
import { withdrawReport } from '#server/domain/reports/withdraw-report'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { apiReportAccess, referenceOf } from '../../../http/report-access.ts'
import { getServices } from '../../../http/services.ts'

/** The reporter takes the report back. */
export default defineApiHandler({
  params: z.object({ reference: z.string() }),
  async run({ event, params }) {
    const services = await getServices()
    await withdrawReport(services, referenceOf(params.reference), await apiReportAccess(event, services))
  },
})
