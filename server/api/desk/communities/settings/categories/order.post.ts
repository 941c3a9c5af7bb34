import { orderCategoriesSchema } from '#shared/communities/settings-schema'
import { orderCategories } from '#server/domain/communities/change-settings'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: orderCategoriesSchema,
  run: ({ services, actor, body }) => orderCategories(services, actor, body),
})
