import { botQueries } from '#server/db/bot'
import type { Services } from '../services.ts'

const page = 1000

/** Takes what is left of handled updates after their 48 hours, and the pace of chats that are silent. In pages. */
export async function sweepBot({ clients }: Services) {
  const did = { updates: 0, messages: 0, chats: 0 }
  for (let hasMore = true; hasMore;) {
    const { updates, messages, chats, has_more: more } = await botQueries(clients).purge(page)
    did.updates += updates
    did.messages += messages
    did.chats += chats
    hasMore = more
  }
  return did
}

/** What `sweepBot` would take now. */
export async function foreseeBotSweep({ clients }: Services) {
  const { updates, messages, chats } = await botQueries(clients).purge(page, true)
  return { updates, messages, chats }
}
