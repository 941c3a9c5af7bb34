import { z } from 'zod'
import { AppError } from '#shared/errors'
import { pushSubscriptionSchema, type Subscribe } from '#shared/alerts/subscription-schema'
import { wishesFields, wishesOf } from '#shared/alerts/subscription-form'
import { subscribe } from '#server/domain/alerts/subscriptions/subscribe'
import { config } from '../../../config.ts'
import { defineFormAction } from '../../../http/form-action.ts'
import { limitsFor, limitsForEmail } from '../../../http/rate-limits.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

const refused = { key: 'alerts.errors.pushService' } as const

/** What a browser's script sends: `PushSubscription.toJSON()` as a text. */
const pushField = z.string(refused.key).transform((text, { issues }) => {
  const found = parsed(text)
  if (found?.success) return found.data
  issues.push({ code: 'custom', message: refused.key, input: text })
  return z.NEVER
})

/** By mail the letter box is asked first, and the answer is the same whether it is known or not. A browser gets alerts at once, and its settings. */
export default defineFormAction({
  fields: z.discriminatedUnion('channel', [
    z.object({ channel: z.literal('email'), ...wishesFields, address: z.string('required').trim().min(1, 'required').max(254, 'textMax').pipe(z.email('email')) }),
    z.object({ channel: z.literal('webpush'), ...wishesFields, subscription: pushField }),
  ]),
  async run({ event, input, locale }) {
    const services = await getServices()
    const limits = [...limitsFor(event, services, 'subscription.create'), ...input.channel === 'email' ? limitsForEmail(services, 'subscription.mail', input.address.toLowerCase()) : []]
    const wanted: Subscribe = { ...wishesOf(input), ...input.channel === 'email' ? { channel: 'email', address: input.address } : { channel: 'webpush', subscription: input.subscription } }
    const { token } = await subscribe(services, wanted, { limits, pushServices: config().push?.services ?? [], owner: await optionalActor(event) }).catch(asFormError)
    return token ? `/${locale}/alerts/subscriptions/${token}?begun` : '?pending'
  },
})

function parsed(text: string) {
  try {
    return pushSubscriptionSchema.safeParse(JSON.parse(text))
  }
  catch {
    return undefined
  }
}

/** The page has one place for whatever is wrong with a push address. */
function asFormError(thrown: unknown): never {
  if (thrown instanceof AppError && thrown.fields['subscription.endpoint']) throw new AppError('invalid', {}, { fields: { subscription: refused }, cause: thrown })
  throw thrown
}
