import { referencePathSchema } from '#shared/reports/desk-schema'
import { releaseReport } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  run: ({ services, actor, params }) => releaseReport(services, actor, params.reference),
})
