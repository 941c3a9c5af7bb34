import { newShiftSchema } from '#shared/patrols/patrol-schema'
import { saveShift } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  body: newShiftSchema,
  status: 201,
  run: async ({ services, actor, body }) => ({ shift: await saveShift(services, actor, body) }),
})
