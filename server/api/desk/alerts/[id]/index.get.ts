import { deskAlertPathSchema } from '#shared/alerts/alert-schema'
import { readDeskAlert } from '#server/domain/alerts/write-alert'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: deskAlertPathSchema,
  run: ({ services, actor, params }) => readDeskAlert(services, actor, params.id),
})
