import { pickUpSchema } from '#shared/patrols/reward-schema'
import { handOutReward } from '#server/domain/patrols/rewards'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: pickUpSchema,
  run: ({ services, actor, body }) => handOutReward(services, actor, body.code),
})
