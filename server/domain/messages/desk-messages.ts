import type { MessagePage, MessagesQuery } from '#shared/messages/desk-messages'
import { deskMessageQueries } from '#server/db/messages'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'

/** Messages that were given up, or that wait, newest first. @throws AppError forbidden for all but lead and chief */
export async function listMessages({ clients }: Services, actor: Actor, query: MessagesQuery): Promise<MessagePage> {
  const { counts, messages, next_cursor } = await deskMessageQueries(clients, actor).list(query)
  return {
    counts,
    messages: messages.map(({ created_at, settled_at, send_after, can_resend, ...message }) => ({ ...message, createdAt: created_at, settledAt: settled_at, sendAfter: send_after, canResend: can_resend })),
    nextCursor: next_cursor === null ? null : String(next_cursor),
  }
}

/** Sends dead letters again, with all attempts before them. @throws AppError forbidden, not_found when none of them can be sent again */
export async function resendMessages({ clients }: Services, actor: Actor, ids: number[]): Promise<{ resent: number }> {
  const { resent } = await deskMessageQueries(clients, actor).resend(ids)
  return { resent }
}
