import { idPathSchema } from '#shared/patrols/patrol-schema'
import { changeOwnPlace } from '#server/domain/patrols/own-patrols'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({
  params: idPathSchema,
  run: async ({ event, params }) => changeOwnPlace(await getServices(), await requireActor(event), 'ask_swap', { shift: params.id }),
})
