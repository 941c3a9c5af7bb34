import { nightFormSchema } from '#shared/patrols/night-schema'
import { actOnNight } from '#server/domain/patrols/show-night'
import { defineFormAction } from '../../../../http/form-action.ts'
import { requireActor } from '../../../../http/require-actor.ts'
import { getServices } from '../../../../services.ts'

/** One button of a night: the code, opening the roll call, somebody checked in or out, the start, the way home. */
export default defineFormAction({
  fields: nightFormSchema,
  secretFields: ['code'],
  run: async ({ event, input, params }) => `?did=${await actOnNight(await getServices(), await requireActor(event), params.id ?? '', input)}`,
})
