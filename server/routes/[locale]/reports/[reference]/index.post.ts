import { getRouterParams } from 'h3'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import { optionalText } from '#shared/forms/fields'
import { attachmentLimits } from '#shared/reports/attachment'
import { textLimits } from '#shared/reports/report-schema'
import { attachEvidence, receiveEvidence, type ReceivedEvidence } from '#server/domain/reports/add-evidence'
import { addMessage } from '#server/domain/reports/add-message'
import { discardFile } from '#server/domain/reports/receive-file'
import { dangerIn } from '../../../../http/emergency-card.ts'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { referenceOf } from '../../../../http/report-access.ts'
import { trackPath, withAccess } from '../../../../http/report-view.ts'
import { getServices } from '../../../../services.ts'

const fields = z.object({ text: optionalText(textLimits.message), keepsOriginal: z.literal('yes').optional() })

const isGone = (thrown: unknown) => thrown instanceof AppError && thrown.code === 'not_found'

/** A letter to the desk, a file, or both. Sent twice it is kept once. */
export default defineFormAction<typeof fields, ReceivedEvidence | null>({
  fields,
  maxTextBytes: 128 * 1024,
  file: {
    name: 'file', maxBytes: attachmentLimits.bytes + 1,
    /** Null: nothing here opens this report any more. */
    async receive(bytes, _claimed, event) {
      const services = await getServices()
      const reference = referenceOf(getRouterParams(event).reference ?? '')
      return withAccess(event, services, access => receiveEvidence(services, reference, access, bytes, limitsFor(event, services, 'report.guess'))).catch((thrown: unknown) => {
        if (!isGone(thrown)) throw thrown
        bytes.resume()
        return null
      })
    },
    discard: async (received) => { if (received) await discardFile(await getServices(), received.file) },
  },
  async run({ event, input: { text, keepsOriginal }, file: received, idempotencyKey, params, locale }) {
    const services = await getServices()
    const reference = referenceOf(params.reference ?? '')
    if (received === null) return trackPath(event, locale, reference)
    if (!text && !received) throw new AppError('invalid', {}, { fields: { text: { key: 'reports.message.nothing' } } })
    const guess = limitsFor(event, services, 'report.guess')
    const messageId = z.uuid().catch(() => randomUUID()).parse(idempotencyKey)
    try {
      if (text) await withAccess(event, services, access => addMessage(services, reference, access, { text, messageId }, { guess, act: limitsFor(event, services, 'report.message') }))
      // A letter that is on its way stays so if its file is refused: the form comes back and is the same letter when sent again.
      if (received) await attachEvidence(services, reference, received, { ...(text && { messageId }), keepsOriginal: keepsOriginal === 'yes' }, limitsFor(event, services, 'report.evidence'))
    }
    catch (thrown) {
      if (isGone(thrown)) {
        if (received) await discardFile(services, received.file)
        return trackPath(event, locale, reference)
      }
      throw thrown
    }
    return text && dangerIn(text) ? '?sent&urgent' : '?sent'
  },
})
