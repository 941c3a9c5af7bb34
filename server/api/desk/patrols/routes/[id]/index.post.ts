import { idPathSchema } from '#shared/patrols/patrol-schema'
import { changeRouteSchema } from '#shared/patrols/plan-schema'
import { changeRoute } from '#server/domain/patrols/change-routes'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: changeRouteSchema,
  run: ({ services, actor, params, body }) => changeRoute(services, actor, params.id, body),
})
