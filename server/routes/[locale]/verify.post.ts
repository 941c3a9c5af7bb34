import { z } from 'zod'
import { AppError } from '#shared/errors'
import { optionalText } from '#shared/forms/fields'
import { readSavedReceipt } from '#shared/trust/read-saved-receipt'
import { receiptFileBytes } from '#shared/trust/verify-page'
import { checkReceipt } from '#server/domain/trust/check-receipt'
import { defineFormAction, ShownOnce } from '../../http/form-action.ts'
import { limitsFor } from '../../http/rate-limits.ts'
import { getServices } from '../../services.ts'

/** A receipt file, uploaded or pasted. It holds the secret receipt too, so nothing of it is written back, kept or logged. */
export default defineFormAction({
  fields: z.object({ text: optionalText(20_000) }),
  secretFields: ['text'],
  file: {
    name: 'file', maxBytes: receiptFileBytes, discard: async () => undefined,
    async receive(stream) {
      const parts: Buffer[] = []
      for await (const part of stream) parts.push(Buffer.from(part))
      return Buffer.concat(parts).toString('utf8')
    },
  },
  async run({ event, input, file }) {
    if (!file && !input.text) throw new AppError('invalid', {}, { fields: { file: { key: 'trust.verify.nothing' } } })
    const receipt = readSavedReceipt(file || (input.text ?? ''))
    if (!receipt) throw new AppError('invalid', {}, { fields: { [file ? 'file' : 'text']: { key: 'trust.verify.unreadable' } } })
    const services = await getServices()
    return new ShownOnce(await checkReceipt(services, receipt, limitsFor(event, services, 'trust.check')))
  },
})
