import { offerTipRewardSchema } from '#shared/patrols/reward-schema'
import { offerTipReward } from '#server/domain/patrols/tip-rewards'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: offerTipRewardSchema,
  status: 201,
  run: ({ services, actor, body }) => offerTipReward(services, actor, body),
})
