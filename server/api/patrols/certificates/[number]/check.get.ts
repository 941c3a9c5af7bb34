import { certificatePathSchema } from '#shared/patrols/certificate'
import { checkCertificateNumber } from '#server/domain/patrols/check-certificate'
import { defineApiHandler } from '#server/http/api-handler'
import { limitsFor } from '#server/http/rate-limits'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({
  params: certificatePathSchema,
  async run({ event, params }) {
    const services = await getServices()
    return checkCertificateNumber(services, params.number, limitsFor(event, services, 'trust.check'))
  },
})
