import { readAreas } from '#server/domain/communities/import-areas'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  run: ({ services, actor }) => readAreas(services, actor),
})
