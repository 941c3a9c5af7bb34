import { saveRewardSchema } from '#shared/patrols/reward-schema'
import { saveReward } from '#server/domain/patrols/rewards'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: saveRewardSchema,
  status: 201,
  run: ({ services, actor, body }) => saveReward(services, actor, body),
})
