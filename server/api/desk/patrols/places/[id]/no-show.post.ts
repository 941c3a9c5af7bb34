import { idPathSchema } from '#shared/patrols/patrol-schema'
import { markNoShow } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  run: ({ services, actor, params }) => markNoShow(services, actor, params.id),
})
