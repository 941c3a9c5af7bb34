import { idPathSchema } from '#shared/patrols/patrol-schema'
import { readRound } from '#server/domain/patrols/own-round'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  params: idPathSchema,
  run: async ({ event, params }) => readRound(await getServices(), await requireActor(event), params.id),
})
