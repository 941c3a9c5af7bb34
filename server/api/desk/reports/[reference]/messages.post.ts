import { staffMessageSchema, referencePathSchema } from '#shared/reports/desk-schema'
import { writeToReporter } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: staffMessageSchema,
  run: ({ services, actor, params, body }) => writeToReporter(services, actor, params.reference, body.text, body.id),
})
