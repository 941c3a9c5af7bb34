import { decideAlertSchema, deskAlertPathSchema } from '#shared/alerts/alert-schema'
import { decideAlert } from '#server/domain/alerts/write-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: deskAlertPathSchema,
  body: decideAlertSchema,
  run: async ({ services, actor, params, body }) => ({ alert: await decideAlert(services, actor, { ...body, identifier: params.id, act: 'approve' }) }),
})
