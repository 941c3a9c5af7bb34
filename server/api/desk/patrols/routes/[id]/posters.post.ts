import { idPathSchema } from '#shared/patrols/patrol-schema'
import { issuePostersSchema } from '#shared/patrols/round-schema'
import { issuePosters } from '#server/domain/patrols/desk-round'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: issuePostersSchema,
  run: ({ services, actor, params, body }) => issuePosters(services, actor, params.id, body.renew),
})
