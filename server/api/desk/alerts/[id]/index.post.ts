import { changeAlertSchema, deskAlertPathSchema } from '#shared/alerts/alert-schema'
import { saveAlert } from '#server/domain/alerts/write-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: deskAlertPathSchema,
  body: changeAlertSchema,
  maxBytes: 256 * 1024,
  run: async ({ services, actor, params, body: { revision, ...draft } }) => ({ alert: await saveAlert(services, actor, draft, { identifier: params.id, revision }) }),
})
