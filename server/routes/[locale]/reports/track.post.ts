import { z } from 'zod'
import { AppError } from '#shared/errors'
import { requiredText } from '#shared/forms/fields'
import { startView } from '#server/domain/reports/start-view'
import { defineFormAction } from '../../../http/form-action.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { viewCookie } from '../../../http/report-cookies.ts'
import { getServices } from '../../../services.ts'

/** Opens a report for thirty minutes. A wrong receipt and an unknown reference get the same sentence. */
export default defineFormAction({
  fields: z.object({ reference: requiredText(100), receipt: requiredText(200) }),
  secretFields: ['receipt'],
  async run({ event, input, locale }) {
    const services = await getServices()
    const { reference, token } = await startView(services, input, limitsFor(event, services, 'report.guess')).catch((thrown: unknown) => {
      if (thrown instanceof AppError && thrown.code === 'not_found') throw new AppError('invalid', {}, { fields: { form: { key: 'reports.track.notFound' } } })
      throw thrown
    })
    viewCookie.write(event, reference, token)
    return `/${locale}/reports/${reference}`
  },
})
