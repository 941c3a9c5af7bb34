import { mergeSchema, referencePathSchema } from '#shared/reports/desk-schema'
import { mergeReport } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: mergeSchema,
  run: ({ services, actor, params, body }) => mergeReport(services, actor, params.reference, body.into),
})
