import { newOrderSchema } from '#shared/patrols/reward-schema'
import { orderReward } from '#server/domain/patrols/rewards'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  body: newOrderSchema, status: 201,
  run: async ({ event, body }) => orderReward(await getServices(), await requireActor(event), body.reward),
})
