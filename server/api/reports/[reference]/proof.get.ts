import { reportPathSchema } from '#shared/reports/report-schema'
import { readProof } from '#server/domain/reports/read-proof'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { apiReportAccess, referenceOf } from '../../../http/report-access.ts'
import { getServices } from '../../../services.ts'

/** The whole receipt with its inclusion proof, for whoever has the receipt in `x-receipt` or is the signed-in owner. */
export default defineApiHandler({
  params: reportPathSchema,
  async run({ event, params }) {
    const services = await getServices()
    return readProof(services, referenceOf(params.reference), await apiReportAccess(event, services), limitsFor(event, services, 'report.guess'))
  },
})
