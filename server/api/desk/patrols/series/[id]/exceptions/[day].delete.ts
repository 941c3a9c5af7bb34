import { exceptedDayPathSchema } from '#shared/patrols/plan-schema'
import { restoreDay } from '#server/domain/patrols/change-routes'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: exceptedDayPathSchema,
  run: ({ services, actor, params }) => restoreDay(services, actor, params.id, params.day),
})
