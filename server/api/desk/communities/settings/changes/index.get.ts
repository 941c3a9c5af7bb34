import { settingChangesQuerySchema } from '#shared/communities/settings-schema'
import { listSettingChanges } from '#server/domain/communities/change-settings'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  query: settingChangesQuerySchema,
  run: ({ services, actor, query }) => listSettingChanges(services, actor, query),
})
