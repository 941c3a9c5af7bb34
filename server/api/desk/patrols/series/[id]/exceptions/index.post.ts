import { idPathSchema } from '#shared/patrols/patrol-schema'
import { exceptDaySchema } from '#shared/patrols/plan-schema'
import { exceptDay } from '#server/domain/patrols/change-routes'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: exceptDaySchema,
  run: ({ services, actor, params, body }) => exceptDay(services, actor, params.id, body.day, body.reason),
})
