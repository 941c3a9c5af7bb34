import { answerCommentSchema, commentPathSchema } from '#shared/ratings/moderation-schema'
import { answerComment } from '#server/domain/ratings/moderate-comments'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: commentPathSchema, body: answerCommentSchema, run: ({ services, actor, params, body }) => answerComment(services, actor, params.id, body.text) })
