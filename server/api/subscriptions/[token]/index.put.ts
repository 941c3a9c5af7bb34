import { moveSubscription } from '#server/domain/alerts/subscriptions/move-subscription'
import { moveSubscriptionSchema, subscriptionPathSchema } from '#shared/alerts/subscription-schema'
import { config } from '../../../config.ts'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { getServices } from '../../../services.ts'

/** What the service worker of a browser sends when its push service gave it another address. */
export default defineApiHandler({
  params: subscriptionPathSchema, body: moveSubscriptionSchema, maxBytes: 16 * 1024,
  run: async ({ event, params, body }) => {
    const services = await getServices()
    await moveSubscription(services, params.token, body.subscription, { limits: limitsFor(event, services, 'subscription.create'), pushServices: config().push?.services ?? [] })
  },
})
