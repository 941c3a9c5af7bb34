import { setPointsSchema } from '#shared/patrols/points-schema'
import { listDeskPoints, setPoints } from '#server/domain/patrols/points'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: setPointsSchema,
  async run({ services, actor, body }) {
    await setPoints(services, actor, body)
    return listDeskPoints(services, actor)
  },
})
