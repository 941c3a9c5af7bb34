import { subscriptionPathSchema } from '#shared/alerts/subscription-schema'
import { definePageData } from '../../../../http/page-data.ts'

/** Links are opened by scanners too: nothing happens before the button. */
export default definePageData<object, { token: string }>({ params: subscriptionPathSchema, load: () => ({}) })
