import { alertTemplateSchema } from '#shared/alerts/alert-schema'
import { saveAlertTemplate } from '#server/domain/alerts/alert-templates'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: alertTemplateSchema,
  run: ({ services, actor, body }) => saveAlertTemplate(services, actor, body),
})
