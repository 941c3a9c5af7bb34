import { resendSchema } from '#shared/messages/desk-messages'
import { resendMessages } from '#server/domain/messages/desk-messages'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: resendSchema,
  run: ({ services, actor, body }) => resendMessages(services, actor, body.ids),
})
