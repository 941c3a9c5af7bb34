import { checkInputSchema } from '#shared/alerts/check-page'
import { checkForwarded } from '#server/domain/alerts/check-forwarded'
import { alertRenderings } from '#server/outbox/messages/alert-renderings'
import { defineApiHandler } from '../../http/api-handler.ts'
import { limitsFor } from '../../http/rate-limits.ts'
import { getServices } from '../../services.ts'

export default defineApiHandler({
  body: checkInputSchema,
  async run({ event, body }) {
    const services = await getServices()
    return checkForwarded(services, body.text, alertRenderings(services.settings.publicUrl), limitsFor(event, services, 'alert.check'))
  },
})
