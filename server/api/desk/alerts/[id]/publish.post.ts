import { deskAlertPathSchema, publishAlertSchema } from '#shared/alerts/alert-schema'
import { publishAlert } from '#server/domain/alerts/publish-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: deskAlertPathSchema,
  body: publishAlertSchema,
  run: async ({ services, actor, params, body }) => ({ alert: await publishAlert(services, actor, { ...body, identifier: params.id }) }),
})
