import { setChatHoursSchema } from '#shared/chat/thread-schema'
import { setChatHours } from '#server/domain/chat/desk-threads'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: setChatHoursSchema,
  run: ({ services, actor, body }) => setChatHours(services, actor, body),
})
