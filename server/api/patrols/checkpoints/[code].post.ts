import { checkpointPathSchema } from '#shared/patrols/round-schema'
import { visitCheckpoint } from '#server/domain/patrols/own-round'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  params: checkpointPathSchema,
  run: async ({ event, params }) => visitCheckpoint(await getServices(), await requireActor(event), params.code),
})
