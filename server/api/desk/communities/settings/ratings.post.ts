import { saveRatingsSchema } from '#shared/communities/settings-schema'
import { saveRatings } from '#server/domain/communities/change-settings'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveRatingsSchema,
  run: ({ services, actor, body }) => saveRatings(services, actor, body),
})
