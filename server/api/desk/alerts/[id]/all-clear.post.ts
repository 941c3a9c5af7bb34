import { deskAlertPathSchema } from '#shared/alerts/alert-schema'
import { startFrom } from '#server/domain/alerts/write-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: deskAlertPathSchema,
  status: 201,
  run: async ({ services, actor, params }) => ({ alert: await startFrom(services, actor, params.id, 'all_clear') }),
})
