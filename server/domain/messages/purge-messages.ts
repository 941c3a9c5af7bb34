import { purgeOutbox } from '#server/db/outbox'
import type { Services } from '../services.ts'

/** Sent mails say nothing and still name a recipient: a month is enough to answer "did it go out?". */
const keepDays = 30
const page = 1000

/** Removes messages that were settled long ago. In pages. */
export async function purgeMessages({ clients }: Services): Promise<{ messages: number }> {
  let messages = 0
  for (let hasMore = true; hasMore;) {
    const { removed, has_more } = await purgeOutbox(clients, keepDays, page)
    messages += removed
    hasMore = has_more
  }
  return { messages }
}
