import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import { messageSchema } from '#shared/reports/report-schema'
import { addMessage } from '#server/domain/reports/add-message'
import { emergencyCard } from '../../../../http/emergency-card.ts'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { referenceOf } from '../../../../http/report-access.ts'
import { trackPath, withAccess } from '../../../../http/report-view.ts'
import { getServices } from '../../../../http/services.ts'

/** A letter to the desk, or more information. Sent twice it is kept once. */
export default defineFormAction({
  fields: messageSchema,
  maxTextBytes: 128 * 1024,
  async run({ event, input, idempotencyKey, params, locale }) {
    const services = await getServices()
    const reference = referenceOf(params.reference ?? '')
    const limits = { guess: limitsFor(event, services, 'report.guess'), act: limitsFor(event, services, 'report.message') }
    const messageId = z.uuid().catch(() => randomUUID()).parse(idempotencyKey)
    try {
      await withAccess(event, services, access => addMessage(services, reference, access, { text: input.text, messageId }, limits))
    }
    catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not_found') return trackPath(locale, reference)
      throw thrown
    }
    return emergencyCard(input.text) ? '?sent&urgent' : '?sent'
  },
})
