import { answerThreadSchema, threadPathSchema } from '#shared/chat/thread-schema'
import { answerThread } from '#server/domain/chat/desk-threads'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: threadPathSchema,
  body: answerThreadSchema,
  run: ({ services, actor, params, body }) => answerThread(services, actor, params.id, body),
})
