import { subscriptionQueries } from '#server/db/subscriptions'
import type { Services } from '../services.ts'

/** Half a second of the database; a page of it is lost at most when a worker dies, and written by another. */
const page = 10_000

/**
 * Writes out who is told of what was published: the most urgent first, page by page, any number of workers beside each other.
 * @param onPage after each page that has somebody in it: what waits may be sent
 */
export async function expandAlerts({ clients }: Pick<Services, 'clients'>, onPage?: () => void): Promise<{ people: number }> {
  let people = 0
  for (;;) {
    const { alert, added, has_more: hasMore } = await subscriptionQueries(clients).expand(page)
    people += added
    if (added > 0) onPage?.()
    // Nothing is free: another worker is at it, or all is done.
    if (!hasMore || alert === null) return { people }
  }
}

/** Messages whose audience is not written out. */
export async function foreseeExpansions({ clients }: Services): Promise<{ alerts: number }> {
  return { alerts: (await subscriptionQueries(clients).foreseeExpansions()).alerts }
}
