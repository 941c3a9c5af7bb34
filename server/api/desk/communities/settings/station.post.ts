import { saveStationSchema } from '#shared/communities/settings-schema'
import { saveStation } from '#server/domain/communities/change-settings'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveStationSchema,
  run: ({ services, actor, body }) => saveStation(services, actor, body),
})
