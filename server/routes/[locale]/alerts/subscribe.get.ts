import { getQuery } from 'h3'
import { wishPlaces, type SubscribePage } from '#shared/alerts/subscription-form'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { openVapidKey } from '#server/outbox/channels/push-encryption'
import { config } from '../../../config.ts'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

let known: string | null | undefined

/** What browsers are told so that only this station pushes to them; null: it does not push. */
function pushKey(): string | null {
  const { push } = config()
  return known ??= push ? openVapidKey(push.privateKey).publicKey : null
}

/** Asking for alerts by mail, or in this browser. */
export default definePageData<SubscribePage>({
  keepsTyped: true,
  load: async ({ event }) => ({ communities: wishPlaces(await getReferenceData(await getServices())), isPending: 'pending' in getQuery(event), pushKey: pushKey() }),
})
