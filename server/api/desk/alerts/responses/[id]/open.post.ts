import { responsePathSchema } from '#shared/alerts/desk-progress'
import { openResponse } from '#server/domain/alerts/respond-to-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: responsePathSchema,
  run: ({ services, actor, params }) => openResponse(services, actor, params.id),
})
