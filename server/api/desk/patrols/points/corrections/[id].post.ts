import { idPathSchema } from '#shared/patrols/patrol-schema'
import { decideCorrectionSchema } from '#shared/patrols/points-schema'
import { decideCorrection } from '#server/domain/patrols/points'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({
  params: idPathSchema,
  body: decideCorrectionSchema,
  run: ({ services, actor, params, body }) => decideCorrection(services, actor, params.id, body),
})
