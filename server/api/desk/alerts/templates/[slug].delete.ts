import { templatePathSchema } from '#shared/alerts/alert-schema'
import { removeAlertTemplate } from '#server/domain/alerts/alert-templates'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: templatePathSchema,
  run: ({ services, actor, params }) => removeAlertTemplate(services, actor, params.slug),
})
