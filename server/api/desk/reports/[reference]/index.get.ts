import { referencePathSchema } from '#shared/reports/desk-schema'
import { openDeskReport } from '#server/domain/reports/read-desk-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  run: ({ services, actor, params }) => openDeskReport(services, actor, params.reference),
})
