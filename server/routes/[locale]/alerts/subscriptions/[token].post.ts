import { z } from 'zod'
import { wishesFields, wishesOf } from '#shared/alerts/subscription-form'
import { changeSubscription, unsubscribeFromAlerts } from '#server/domain/alerts/subscriptions/manage-subscription'
import { defineFormAction } from '../../../../http/form-action.ts'
import { getServices } from '../../../../services.ts'

/** One tap ends it; otherwise all wishes anew. */
export default defineFormAction({
  fields: z.union([z.object({ act: z.literal('stop') }), z.object(wishesFields)]),
  async run({ input, params: { token = '' } }) {
    const services = await getServices()
    if ('act' in input) {
      await unsubscribeFromAlerts(services, token)
      return '?ended'
    }
    await changeSubscription(services, token, wishesOf(input))
    return '?saved'
  },
})
