import { decideVolunteerSchema, idPathSchema } from '#shared/patrols/patrol-schema'
import { decideVolunteer } from '#server/domain/patrols/desk-patrols'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: decideVolunteerSchema,
  run: async ({ services, actor, params, body }) => ({ volunteer: await decideVolunteer(services, actor, params.id, body) }),
})
