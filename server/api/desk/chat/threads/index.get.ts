import { threadListQuerySchema } from '#shared/chat/thread-schema'
import { listThreads } from '#server/domain/chat/desk-threads'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: threadListQuerySchema,
  run: ({ services, actor, query }) => listThreads(services, actor, query),
})
