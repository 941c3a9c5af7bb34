import { changeShiftSchema, idPathSchema } from '#shared/patrols/patrol-schema'
import { saveShift } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: changeShiftSchema,
  run: async ({ services, actor, params, body: { sequence, ...plan } }) => ({ shift: await saveShift(services, actor, plan, { id: params.id, sequence }) }),
})
