import { applySchema } from '#shared/patrols/patrol-schema'
import { applyAsVolunteer } from '#server/domain/patrols/own-patrols'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  body: applySchema, status: 201,
  run: async ({ event, body }) => applyAsVolunteer(await getServices(), await requireActor(event), body),
})
