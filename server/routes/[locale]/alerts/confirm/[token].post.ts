import { z } from 'zod'
import { AppError } from '#shared/errors'
import { confirmSubscription } from '#server/domain/alerts/subscriptions/manage-subscription'
import { defineFormAction } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { getServices } from '../../../../services.ts'

/** The letter box says yes, and goes on to what it asked for. */
export default defineFormAction({
  fields: z.object({}),
  async run({ event, locale, params: { token = '' } }) {
    const services = await getServices()
    try {
      const confirmed = await confirmSubscription(services, token, limitsFor(event, services, 'subscription.create'))
      return `/${locale}/alerts/subscriptions/${confirmed.token}?begun`
    }
    catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === 'not_found')) throw thrown
      throw new AppError('invalid', {}, { fields: { form: { key: 'alerts.confirm.refused' } }, cause: thrown })
    }
  },
})
