import { inboxQuerySchema } from '#shared/reports/desk-schema'
import { listDeskReports } from '#server/domain/reports/read-desk-report'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: inboxQuerySchema,
  run: ({ services, actor, query }) => listDeskReports(services, actor, query),
})
