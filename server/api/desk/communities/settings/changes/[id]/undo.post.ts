import { settingChangePathSchema } from '#shared/communities/settings-schema'
import { undoSetting } from '#server/domain/communities/change-settings'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: settingChangePathSchema,
  run: ({ services, actor, params }) => undoSetting(services, actor, params.id),
})
