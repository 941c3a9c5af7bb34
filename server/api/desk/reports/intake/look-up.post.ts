import { lookUpSchema } from '#shared/reports/intake-schema'
import { lookUpReport } from '#server/domain/reports/look-up-report'
import { defineDeskHandler } from '#server/http/desk-handler'
import { limitsFor } from '#server/http/rate-limits'

export default defineDeskHandler({
  body: lookUpSchema,
  run: ({ services, actor, event, body }) => lookUpReport(services, actor, body, limitsFor(event, services, 'report.guess')),
})
