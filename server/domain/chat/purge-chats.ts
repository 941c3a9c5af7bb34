import { chatQueries } from '#server/db/chat'
import type { Services } from '../services.ts'

const page = 1000

/** Takes conversations that have been idle for their term, and receipts that were shown. In pages. */
export async function purgeChats({ clients }: Services) {
  const did = { conversations: 0, receipts: 0 }
  for (let hasMore = true; hasMore;) {
    const { conversations, receipts, has_more: more } = await chatQueries(clients).purge(page)
    did.conversations += conversations
    did.receipts += receipts
    hasMore = more
  }
  return did
}

/** What `purgeChats` would take now. */
export async function foreseeChats({ clients }: Services) {
  const { conversations, receipts } = await chatQueries(clients).purge(page, true)
  return { conversations, receipts }
}
