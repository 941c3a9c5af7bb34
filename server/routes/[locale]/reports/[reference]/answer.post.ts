import { z } from 'zod'
import { AppError } from '#shared/errors'
import { optionalText } from '#shared/forms/fields'
import { revisitAnswers } from '#shared/revisits/ladder'
import { longestComment } from '#shared/revisits/revisit-schema'
import { answerRevisit } from '#server/domain/revisits/answer-revisit'
import { dangerIn } from '../../../../http/emergency-card.ts'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { referenceOf } from '../../../../http/report-access.ts'
import { trackPath, withAccess } from '../../../../http/report-view.ts'
import { getServices } from '../../../../services.ts'

/** The reporter's answer to a visit; sent twice it is one. `revisit` is the step that was asked about when the page was opened. */
export default defineFormAction({
  fields: z.object({ revisit: z.uuid('invalid'), answer: z.enum(revisitAnswers, 'choose'), comment: optionalText(longestComment) }),
  async run({ event, input: { revisit, answer, comment }, params, locale }) {
    const services = await getServices()
    const reference = referenceOf(params.reference ?? '')
    const limits = { guess: limitsFor(event, services, 'report.guess'), act: limitsFor(event, services, 'report.message') }
    try {
      await withAccess(event, services, access => answerRevisit(services, reference, access, revisit, { answer, ...(comment && { comment }) }, limits))
    }
    catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not_found') return trackPath(event, locale, reference)
      if (thrown instanceof AppError && thrown.code === 'forbidden') throw new AppError('invalid', {}, { fields: { form: { key: 'revisits.answer.tooLate' } }, cause: thrown })
      throw thrown
    }
    return `/${locale}/reports/${reference}?answered${comment && dangerIn(comment) ? '&urgent' : ''}`
  },
})
