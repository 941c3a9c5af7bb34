import { idPathSchema, reasonSchema } from '#shared/patrols/patrol-schema'
import { cancelShift } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: reasonSchema,
  run: async ({ services, actor, params, body }) => ({ shift: await cancelShift(services, actor, params.id, body.reason) }),
})
