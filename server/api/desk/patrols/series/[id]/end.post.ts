import { idPathSchema, reasonSchema } from '#shared/patrols/patrol-schema'
import { endSeries } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: reasonSchema,
  run: ({ services, actor, params, body }) => endSeries(services, actor, params.id, body.reason),
})
