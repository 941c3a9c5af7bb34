import { z } from 'zod'
import { AppError } from '#shared/errors'
import { sealConfirmation } from '#server/domain/reports/confirmation'
import { followInstead } from '#server/domain/reports/follow-instead'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { referenceOf } from '../../../../http/report-access.ts'
import { confirmationCookie } from '../../../../http/report-cookies.ts'
import { readDraft, sentPath } from '../../../../http/report-step.ts'
import { getServices } from '../../../../services.ts'

export default defineFormAction({
  fields: z.object({ reference: z.string('required') }),
  async run({ event, input, locale }) {
    const services = await getServices()
    const held = await readDraft(event, services)
    if (!held) return `/${locale}/reports/new`
    const confirmation = await followInstead(services, held, referenceOf(input.reference), {
      follow: limitsFor(event, services, 'report.follow'), draft: limitsFor(event, services, 'report.draft'),
    }).catch((thrown: unknown) => {
      if (thrown instanceof AppError && thrown.code === 'not_found') throw new AppError('invalid', {}, { fields: { form: { key: 'reports.follow.gone' } } })
      throw thrown
    })
    confirmationCookie.write(event, sealConfirmation(services.keys, confirmation, Date.now()))
    return sentPath(locale)
  },
})
