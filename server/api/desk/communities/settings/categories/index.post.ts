import { saveCategorySchema } from '#shared/communities/settings-schema'
import { saveCategory } from '#server/domain/communities/change-settings'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveCategorySchema,
  run: ({ services, actor, body }) => saveCategory(services, actor, body),
})
