import { deskAlertsQuerySchema } from '#shared/alerts/alert-schema'
import { listDeskAlerts } from '#server/domain/alerts/write-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: deskAlertsQuerySchema,
  run: async ({ services, actor, query }) => ({ alerts: await listDeskAlerts(services, actor, query.state) }),
})
