import { idPathSchema } from '#shared/patrols/patrol-schema'
import { endOrderSchema } from '#shared/patrols/reward-schema'
import { endOrder } from '#server/domain/patrols/rewards'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: endOrderSchema,
  run: ({ services, actor, params, body }) => endOrder(services, actor, params.id, body),
})
