import { idPathSchema } from '#shared/patrols/patrol-schema'
import { saveRewardSchema } from '#shared/patrols/reward-schema'
import { saveReward } from '#server/domain/patrols/rewards'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: saveRewardSchema,
  run: ({ services, actor, params, body }) => saveReward(services, actor, body, params.id),
})
