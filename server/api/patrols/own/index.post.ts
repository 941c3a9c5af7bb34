import { changeOwnSchema } from '#shared/patrols/patrol-schema'
import { changeOwnVolunteering } from '#server/domain/patrols/own-patrols'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  body: changeOwnSchema,
  run: async ({ event, body }) => changeOwnVolunteering(await getServices(), await requireActor(event), body),
})
