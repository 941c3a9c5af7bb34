import { alertsQuerySchema } from '#shared/alerts/alert-schema'
import { listCurrentAlerts } from '#server/domain/alerts/show-alerts'
import { defineApiHandler } from '../../http/api-handler.ts'
import { getServices } from '../../services.ts'

export default defineApiHandler({
  query: alertsQuerySchema,
  run: async ({ query }) => ({ alerts: await listCurrentAlerts(await getServices(), query) }),
})
