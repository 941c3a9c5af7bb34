import { idPathSchema } from '#shared/patrols/patrol-schema'
import { decideTipRewardSchema } from '#shared/patrols/reward-schema'
import { decideTipReward } from '#server/domain/patrols/tip-rewards'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: decideTipRewardSchema,
  run: ({ services, actor, params, body }) => decideTipReward(services, actor, params.id, body.approve),
})
