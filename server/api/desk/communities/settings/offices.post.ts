import { saveOfficeSchema } from '#shared/communities/settings-schema'
import { saveOffice } from '#server/domain/communities/change-settings'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveOfficeSchema,
  run: ({ services, actor, body }) => saveOffice(services, actor, body),
})
