import { acceptSchema, referencePathSchema } from '#shared/reports/desk-schema'
import { acceptReport } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  body: acceptSchema,
  run: ({ services, actor, params, body }) => acceptReport(services, actor, params.reference, body),
})
