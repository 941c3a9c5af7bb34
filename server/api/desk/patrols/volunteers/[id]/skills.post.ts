import { idPathSchema, skillSchema } from '#shared/patrols/patrol-schema'
import { confirmSkill } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: skillSchema,
  run: async ({ services, actor, params, body }) => ({ volunteer: await confirmSkill(services, actor, params.id, body) }),
})
