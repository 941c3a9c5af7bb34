import { banSchema, referencePathSchema } from '#shared/reports/desk-schema'
import { banReporter } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: banSchema,
  run: ({ services, actor, params, body }) => banReporter(services, actor, params.reference, body.reason),
})
