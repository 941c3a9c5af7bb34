import { commentPathSchema, decideCommentSchema } from '#shared/ratings/moderation-schema'
import { decideComment } from '#server/domain/ratings/moderate-comments'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: commentPathSchema, body: decideCommentSchema, run: ({ services, actor, params, body }) => decideComment(services, actor, params.id, body.text) })
