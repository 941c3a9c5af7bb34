import { newRouteSchema } from '#shared/patrols/patrol-schema'
import { saveRoute } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: newRouteSchema,
  status: 201,
  run: ({ services, actor, body }) => saveRoute(services, actor, body),
})
