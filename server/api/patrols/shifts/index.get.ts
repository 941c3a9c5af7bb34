import { shiftsQuerySchema } from '#shared/patrols/patrol-schema'
import { listOpenShifts } from '#server/domain/patrols/own-patrols'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  query: shiftsQuerySchema,
  run: async ({ event, query }) => listOpenShifts(await getServices(), await requireActor(event), query),
})
