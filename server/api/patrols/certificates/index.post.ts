import { certificateWishSchema } from '#shared/patrols/certificate'
import { issueCertificate } from '#server/domain/patrols/own-certificates'
import { defineApiHandler } from '#server/http/api-handler'
import { limitsForEmail } from '#server/http/rate-limits'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  body: certificateWishSchema, status: 201,
  async run({ event, body }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    return { certificate: await issueCertificate(services, actor, body, limitsForEmail(services, 'account.certificate', actor.userId)) }
  },
})
