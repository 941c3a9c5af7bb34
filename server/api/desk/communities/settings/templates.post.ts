import { saveTemplateSchema } from '#shared/communities/settings-schema'
import { saveTemplate } from '#server/domain/communities/change-settings'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveTemplateSchema,
  run: ({ services, actor, body }) => saveTemplate(services, actor, body),
})
