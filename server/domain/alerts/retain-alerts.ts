import { subscriptionQueries } from '#server/db/subscriptions'
import type { Services } from '../services.ts'

const page = 1000

/** Takes subscriptions that nobody confirmed, what is left of ended ones, audiences and answers when their time is over. In pages. */
export async function retainAlerts({ clients }: Services) {
  const did = { unconfirmed: 0, subscriptions: 0, audiences: 0, responses: 0 }
  for (let hasMore = true; hasMore;) {
    const { unconfirmed, subscriptions, audiences, responses, has_more: more } = await subscriptionQueries(clients).retain(page)
    did.unconfirmed += unconfirmed
    did.subscriptions += subscriptions
    did.audiences += audiences
    did.responses += responses
    hasMore = more
  }
  return did
}

/** What `retainAlerts` would take now. */
export async function foreseeRetainedAlerts({ clients }: Services) {
  const { unconfirmed, subscriptions, audiences, responses } = await subscriptionQueries(clients).retain(page, true)
  return { unconfirmed, subscriptions, audiences, responses }
}
