import { payTipRewardSchema } from '#shared/patrols/reward-schema'
import { payTipReward } from '#server/domain/patrols/tip-rewards'
import { defineDeskHandler } from '#server/http/desk-handler'
import { limitsForEmail } from '#server/http/rate-limits'

export default defineDeskHandler({
  body: payTipRewardSchema,
  run: ({ services, actor, body }) => payTipReward(services, actor, body.code, limitsForEmail(services, 'account.confirm', actor.userId)),
})
