import { newAlertSchema } from '#shared/alerts/alert-schema'
import { saveAlert } from '#server/domain/alerts/write-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: newAlertSchema,
  maxBytes: 256 * 1024,
  status: 201,
  run: async ({ services, actor, body }) => ({ alert: await saveAlert(services, actor, body) }),
})
