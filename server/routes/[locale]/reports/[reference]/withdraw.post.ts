import { z } from 'zod'
import { AppError } from '#shared/errors'
import { withdrawReport } from '#server/domain/reports/withdraw-report'
import { defineFormAction } from '../../../../http/form-action.ts'
import { referenceOf } from '../../../../http/report-access.ts'
import { trackPath, withAccess } from '../../../../http/report-view.ts'
import { getServices } from '../../../../services.ts'

export default defineFormAction({
  fields: z.object({}),
  async run({ event, params, locale }) {
    const services = await getServices()
    const reference = referenceOf(params.reference ?? '')
    try {
      await withAccess(event, services, access => withdrawReport(services, reference, access))
    }
    catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not_found') return trackPath(event, locale, reference)
      if (!(thrown instanceof AppError && thrown.code === 'already_withdrawn')) throw thrown
    }
    return `/${locale}/reports/${reference}?withdrawn`
  },
})
