import { getQuery } from 'h3'
import { z } from 'zod'
import type { CheckedCertificate } from '#shared/patrols/certificate'
import type { CheckedReceipt, VerifyPage } from '#shared/trust/verify-page'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { checkCertificateNumber } from '#server/domain/patrols/check-certificate'
import { definePageData } from '../../http/page-data.ts'
import { limitsFor } from '../../http/rate-limits.ts'
import { getServices } from '../../services.ts'

/** The number of a certificate, as its QR code brings it or somebody typed it. */
const askedSchema = z.object({ certificate: z.string().trim().min(1).max(200).optional().catch(undefined) })

/** Checks a saved receipt, or a certificate. What came out of a file is shown once and kept nowhere. */
export default definePageData<VerifyPage>({
  keepsTyped: true,
  async load({ event }) {
    const services = await getServices()
    const answer = event.context.answer as { receipt: CheckedReceipt } | { certificate: CheckedCertificate } | undefined
    const { certificate: number } = askedSchema.parse(getQuery(event))
    const [{ station }, asked] = await Promise.all([getReferenceData(services), !answer && number ? checkCertificateNumber(services, number, limitsFor(event, services, 'trust.check')) : null])
    return {
      checked: answer && 'receipt' in answer ? answer.receipt : null, certificate: answer && 'certificate' in answer ? answer.certificate : asked,
      timeZone: station?.time_zone ?? 'Asia/Shanghai', now: new Date().toISOString(),
    }
  },
})
