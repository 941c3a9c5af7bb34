import { rewardsFormSchema } from '#shared/patrols/reward-schema'
import { cancelOrder, orderReward } from '#server/domain/patrols/rewards'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** One button: something is ordered, or an order is given up. */
export default defineFormAction({
  fields: rewardsFormSchema,
  async run({ event, input }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    if (input.act === 'order') await orderReward(services, actor, input.reward)
    else await cancelOrder(services, actor, input.order)
    return input.act === 'order' ? '?did=ordered' : '?did=cancelled'
  },
})
