import { reportPathSchema } from '#shared/reports/report-schema'
import { claimTipReward } from '#server/domain/patrols/tip-rewards'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { apiReportAccess, referenceOf } from '../../../http/report-access.ts'
import { getServices } from '../../../services.ts'

/** The pay-out code is in this answer and nowhere else. */
export default defineApiHandler({
  params: reportPathSchema,
  async run({ event, params }) {
    const services = await getServices()
    return claimTipReward(services, referenceOf(params.reference), await apiReportAccess(event, services), limitsFor(event, services, 'report.guess'))
  },
})
