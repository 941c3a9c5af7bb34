import { idPathSchema } from '#shared/patrols/patrol-schema'
import { retireRoute } from '#server/domain/patrols/change-routes'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: idPathSchema, run: ({ services, actor, params }) => retireRoute(services, actor, params.id) })
