import { checkInSchema } from '#shared/patrols/night-schema'
import { idPathSchema } from '#shared/patrols/patrol-schema'
import { checkIn } from '#server/domain/patrols/night'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  params: idPathSchema, body: checkInSchema,
  run: async ({ event, params, body }) => checkIn(await getServices(), await requireActor(event), params.id, body.code),
})
