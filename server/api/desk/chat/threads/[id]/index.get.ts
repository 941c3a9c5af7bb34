import { threadPathSchema } from '#shared/chat/thread-schema'
import { openThreadTexts } from '#server/domain/chat/desk-threads'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: threadPathSchema,
  run: ({ services, actor, params }) => openThreadTexts(services, actor, params.id),
})
