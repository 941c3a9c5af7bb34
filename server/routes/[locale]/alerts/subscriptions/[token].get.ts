import { getQuery } from 'h3'
import { wishPlaces, type SubscriptionPage } from '#shared/alerts/subscription-form'
import { subscriptionPathSchema } from '#shared/alerts/subscription-schema'
import { readSubscription } from '#server/domain/alerts/subscriptions/manage-subscription'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData } from '../../../../http/page-data.ts'
import { getServices } from '../../../../services.ts'

/** The link in every message: what its recipient wants, and the end of it, without sign-in. */
export default definePageData<SubscriptionPage, { token: string }>({
  params: subscriptionPathSchema,
  keepsTyped: true,
  async load({ event, params }) {
    const services = await getServices()
    const [subscription, reference] = await Promise.all([readSubscription(services, params.token), getReferenceData(services)])
    const asked = getQuery(event)
    return { subscription, token: params.token, communities: wishPlaces(reference), did: 'begun' in asked ? 'begun' : 'saved' in asked ? 'saved' : null }
  },
})
