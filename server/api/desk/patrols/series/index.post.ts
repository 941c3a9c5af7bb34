import { newSeriesSchema } from '#shared/patrols/patrol-schema'
import { saveSeries } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: newSeriesSchema,
  status: 201,
  run: ({ services, actor, body }) => saveSeries(services, actor, body),
})
