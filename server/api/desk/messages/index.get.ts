import { messagesQuerySchema } from '#shared/messages/desk-messages'
import { listMessages } from '#server/domain/messages/desk-messages'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: messagesQuerySchema,
  run: ({ services, actor, query }) => listMessages(services, actor, query),
})
