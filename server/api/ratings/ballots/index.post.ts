import { drawQuerySchema, drawSchema } from '#shared/ratings/rating-schema'
import { drawBallot } from '#server/domain/trust/draw-ballot'
import { defineApiHandler } from '#server/http/api-handler'
import { requireDrawer } from '#server/http/require-drawer'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireDrawer(event),
  body: drawSchema, query: drawQuerySchema,
  run: async ({ event, body }) => drawBallot(await getServices(), await requireDrawer(event), body.key, body.blinded),
})
