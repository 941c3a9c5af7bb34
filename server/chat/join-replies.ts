import type { Reply } from './turn.ts'

/** Telegram takes one message a second in a chat: words that only lead to the next message become part of it. Cards, links, choices and receipts stay messages of their own. */
export function joinReplies(replies: readonly Reply[]): Reply[] {
  return replies.reduce<Reply[]>((joined, reply) => {
    const before = joined.at(-1)
    if (!before || before.choices || before.card || before.link || before.article || before.once || reply.once) return [...joined, reply]
    return [...joined.slice(0, -1), { ...reply, text: `${before.text}\n\n${reply.text}` }]
  }, [])
}
