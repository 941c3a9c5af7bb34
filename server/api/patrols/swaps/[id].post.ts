import { idPathSchema, swapActSchema } from '#shared/patrols/patrol-schema'
import { changeOwnPlace } from '#server/domain/patrols/own-patrols'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  params: idPathSchema, body: swapActSchema,
  run: async ({ event, params, body }) => changeOwnPlace(await getServices(), await requireActor(event), `${body.act}_swap`, { swap: params.id }),
})
