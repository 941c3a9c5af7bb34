import { setCountingSchema } from '#shared/revisits/calendar-schema'
import { setDayCounting } from '#server/domain/revisits/keep-calendar'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: setCountingSchema,
  run: ({ services, actor, body }) => setDayCounting(services, actor, body.counting),
})
