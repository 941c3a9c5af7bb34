import { askCorrectionSchema } from '#shared/patrols/points-schema'
import { askCorrection } from '#server/domain/patrols/points'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  body: askCorrectionSchema,
  status: 201,
  run: async ({ event, body }) => askCorrection(await getServices(), await requireActor(event), body),
})
