import { decideSwapSchema, idPathSchema } from '#shared/patrols/patrol-schema'
import { decideSwap } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: decideSwapSchema,
  run: async ({ services, actor, params, body }) => ({ shift: await decideSwap(services, actor, params.id, body.approve) }),
})
