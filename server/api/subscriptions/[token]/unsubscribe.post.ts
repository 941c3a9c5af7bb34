import { unsubscribeFromAlerts } from '#server/domain/alerts/subscriptions/manage-subscription'
import { subscriptionPathSchema } from '#shared/alerts/subscription-schema'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { getServices } from '../../../services.ts'

/** What a mail program posts when somebody presses "unsubscribe": no cookies, no sign-in, whatever stands in the body (RFC 8058). */
export default defineApiHandler({
  params: subscriptionPathSchema,
  run: async ({ params }) => unsubscribeFromAlerts(await getServices(), params.token),
})
