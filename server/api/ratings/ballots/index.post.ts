import { drawSchema } from '#shared/ratings/rating-schema'
import { drawBallot } from '#server/domain/trust/draw-ballot'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  body: drawSchema,
  run: async ({ event, body }) => drawBallot(await getServices(), await requireActor(event), body.key, body.blinded),
})
