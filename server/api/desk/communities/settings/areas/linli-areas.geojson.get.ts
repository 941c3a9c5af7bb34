import { setResponseHeader } from 'h3'
import { exportAreas } from '#server/domain/communities/import-areas'
import { defineDeskHandler } from '#server/http/desk-handler'

/** What the station has, as the file that the import reads. */
export default defineDeskHandler({
  async run({ event, services, actor }) {
    const areas = await exportAreas(services, actor)
    setResponseHeader(event, 'content-type', 'application/geo+json; charset=utf-8')
    setResponseHeader(event, 'content-disposition', 'attachment; filename="linli-areas.geojson"')
    return areas
  },
})
