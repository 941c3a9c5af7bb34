import { idPathSchema } from '#shared/patrols/patrol-schema'
import { cancelOrder } from '#server/domain/patrols/rewards'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({
  params: idPathSchema,
  run: async ({ event, params }) => cancelOrder(await getServices(), await requireActor(event), params.id),
})
