import { threadPathSchema } from '#shared/chat/thread-schema'
import { banSchema } from '#shared/reports/desk-schema'
import { banChat } from '#server/domain/chat/desk-threads'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: threadPathSchema,
  body: banSchema,
  run: ({ services, actor, params, body }) => banChat(services, actor, params.id, body.reason),
})
