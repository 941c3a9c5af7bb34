import { idPathSchema } from '#shared/patrols/patrol-schema'
import { openRound } from '#server/domain/patrols/desk-round'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  run: ({ services, actor, params }) => openRound(services, actor, params.id),
})
