import { purgeOutbox } from '#server/db/outbox'
import { foreseeRetention } from '#server/db/retention'
import type { Services } from '../services.ts'

const page = 1000

/** Removes messages that were settled long ago, by the terms of `retention_rules`. In pages. */
export async function purgeMessages({ clients }: Services): Promise<{ messages: number }> {
  let messages = 0
  for (let hasMore = true; hasMore;) {
    const { removed, has_more } = await purgeOutbox(clients, page)
    messages += removed
    hasMore = has_more
  }
  return { messages }
}

/** How many `purgeMessages` would remove now. */
export async function foreseePurgedMessages({ clients }: Services): Promise<{ messages: number }> {
  const { mails_settled, mails_dead } = await foreseeRetention(clients)
  return { messages: mails_settled + mails_dead }
}
