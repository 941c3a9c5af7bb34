import { z } from 'zod'
import { AppError } from '#shared/errors'
import { optionalText } from '#shared/forms/fields'
import type { CertificateFile } from '#shared/patrols/certificate'
import { readCertificate, readSavedReceipt } from '#shared/trust/read-saved-receipt'
import { checkedFileBytes } from '#shared/trust/verify-page'
import { checkCertificateFile } from '#server/domain/patrols/check-certificate'
import { checkReceipt } from '#server/domain/trust/check-receipt'
import { readAttachments } from '#server/standards/pdf/read-attachment'
import { defineFormAction, ShownOnce } from '../../http/form-action.ts'
import { limitsFor } from '../../http/rate-limits.ts'
import { getServices } from '../../services.ts'

/** What lies inside a certificate is a few hundred bytes. */
const innerBytes = 64 * 1024

/** A receipt file or a certificate, uploaded or pasted. A receipt holds its secret too, so nothing of it is written back, kept or logged. */
export default defineFormAction({
  fields: z.object({ text: optionalText(20_000) }),
  secretFields: ['text'],
  file: {
    name: 'file', maxBytes: checkedFileBytes, discard: async () => undefined,
    async receive(stream) {
      const parts: Buffer[] = []
      for await (const part of stream) parts.push(Buffer.from(part))
      return Buffer.concat(parts)
    },
  },
  async run({ event, input, file }) {
    if (!file?.length && !input.text) throw new AppError('invalid', {}, { fields: { file: { key: 'trust.verify.nothing' } } })
    const services = await getServices()
    const limits = limitsFor(event, services, 'trust.check')
    const paper = file?.subarray(0, 5).toString('latin1') === '%PDF-' ? file : undefined
    const text = paper ? '' : file?.length ? file.toString('utf8') : input.text ?? ''
    const certificate = paper ? insideOf(paper) : readCertificate(text)
    if (certificate) return new ShownOnce({ certificate: await checkCertificateFile(services, certificate, limits, paper) })
    const receipt = paper ? undefined : readSavedReceipt(text)
    if (!receipt) throw new AppError('invalid', {}, { fields: { [file?.length ? 'file' : 'text']: { key: paper ? 'patrols.rewards.check.noData' : 'trust.verify.unreadable' } } })
    return new ShownOnce({ receipt: await checkReceipt(services, receipt, limits) })
  },
})

function insideOf(paper: Buffer): CertificateFile | undefined {
  for (const text of readAttachments(paper, innerBytes)) {
    const found = readCertificate(text)
    if (found) return found
  }
  return undefined
}
