import type { DeskRatings } from '#shared/ratings/moderation-schema'
import type { DeskActor } from '#server/db/desk-reports'
import { ratingCommentQueries } from '#server/db/ratings'
import type { Services } from '../services.ts'
import { openText } from '../trust/envelope.ts'
import { aboutComment } from './give-rating.ts'

/** Comments that wait to be read, opened for a moderator, who is never the rated officer (RULES E4) and whose reading is logged; and what was published about oneself. @throws AppError forbidden */
export async function listComments({ keys, clients }: Services, actor: DeskActor): Promise<DeskRatings> {
  const queries = ratingCommentQueries(clients, actor)
  const [{ comments }, { comments: own }] = await Promise.all([queries.waiting(), queries.own()])
  return { waiting: comments.map(({ text_sealed: sealed, subject, ...comment }) => ({ ...comment, text: openText(keys.secret('outbox').key, sealed, aboutComment(subject)) })), own }
}

/** @param text as it is published; null refuses it @throws AppError forbidden, not_found, invalid_input */
export async function decideComment({ clients }: Services, actor: DeskActor, id: string, text: string | null) {
  await ratingCommentQueries(clients, actor).decide(id, text)
  return { id }
}

/** The rated officer's public answer. @throws AppError forbidden, not_found, status_order: the round is still open, invalid_input */
export async function answerComment({ clients }: Services, actor: DeskActor, id: string, text: string) {
  await ratingCommentQueries(clients, actor).answer(id, text)
  return { id }
}
