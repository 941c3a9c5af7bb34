import { deskAlertPathSchema } from '#shared/alerts/alert-schema'
import { readAlertProgress } from '#server/domain/alerts/alert-progress'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: deskAlertPathSchema,
  run: ({ services, actor, params }) => readAlertProgress(services, actor, params.id),
})
