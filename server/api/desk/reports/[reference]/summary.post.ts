import { summarySchema, referencePathSchema } from '#shared/reports/desk-schema'
import { summariseReport } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: summarySchema,
  run: ({ services, actor, params, body }) => summariseReport(services, actor, params.reference, body.summary),
})
