import { assignSchema, referencePathSchema } from '#shared/reports/desk-schema'
import { assignReport } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: assignSchema,
  run: ({ services, actor, params, body }) => assignReport(services, actor, params.reference, body.assignee),
})
