import { subscribe } from '#server/domain/alerts/subscriptions/subscribe'
import { subscribeSchema } from '#shared/alerts/subscription-schema'
import { config } from '../../config.ts'
import { defineApiHandler } from '../../http/api-handler.ts'
import { limitsFor, limitsForEmail } from '../../http/rate-limits.ts'
import { optionalActor } from '../../http/require-actor.ts'
import { getServices } from '../../services.ts'

export default defineApiHandler({
  body: subscribeSchema, maxBytes: 16 * 1024, status: 201,
  run: async ({ event, body }) => {
    const services = await getServices()
    const limits = [...limitsFor(event, services, 'subscription.create'), ...body.channel === 'email' ? limitsForEmail(services, 'subscription.mail', body.address.trim().toLowerCase()) : []]
    const { push } = config()
    return subscribe(services, body, { limits, pushServices: push?.services ?? [], owner: await optionalActor(event) })
  },
})
