import { readStationSettings } from '#server/domain/communities/change-settings'
import { config } from '#server/config'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => readStationSettings(services, actor, config().emergencyNumbers),
})
