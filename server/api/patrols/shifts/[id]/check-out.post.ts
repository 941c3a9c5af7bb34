import { idPathSchema } from '#shared/patrols/patrol-schema'
import { checkOut } from '#server/domain/patrols/night'
import { defineApiHandler } from '#server/http/api-handler'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({ params: idPathSchema, run: async ({ event, params }) => checkOut(await getServices(), await requireActor(event), params.id) })
