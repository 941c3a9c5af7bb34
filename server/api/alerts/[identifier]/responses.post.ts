import { respondToAlert } from '#server/domain/alerts/respond-to-alert'
import { alertPathSchema } from '#shared/alerts/alert-schema'
import { respondSchema } from '#shared/alerts/subscription-schema'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { emergencyNumbers } from '../../../http/emergency-card.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { responderOf } from '../../../http/responder-cookie.ts'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  params: alertPathSchema, body: respondSchema, maxBytes: 16 * 1024,
  run: async ({ event, params, body }) => {
    const services = await getServices()
    const answer = await respondToAlert(services, params.identifier, body, responderOf(event, body.token), limitsFor(event, services, 'alert.respond'))
    return { ...answer, ...body.kind === 'help' && { call: (await emergencyNumbers()).police } }
  },
})
