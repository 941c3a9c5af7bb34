import { referencePathSchema } from '#shared/reports/desk-schema'
import { unmergeReport } from '#server/domain/reports/handle-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: referencePathSchema,
  run: ({ services, actor, params }) => unmergeReport(services, actor, params.reference),
})
