import { grantPointsSchema } from '#shared/patrols/points-schema'
import { grantPoints, listDeskPoints } from '#server/domain/patrols/points'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: grantPointsSchema,
  async run({ services, actor, body }) {
    await grantPoints(services, actor, body)
    return listDeskPoints(services, actor)
  },
})
