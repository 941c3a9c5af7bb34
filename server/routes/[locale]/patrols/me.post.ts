import { ownFormSchema } from '#shared/patrols/patrol-pages'
import { actOnOwnPatrols } from '#server/domain/patrols/show-patrol-pages'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** One button: a shift, a swap, an appeal, the times that one has, or leaving the patrol. */
export default defineFormAction({
  fields: ownFormSchema,
  run: async ({ event, input }) => `?did=${await actOnOwnPatrols(await getServices(), await requireActor(event), input)}`,
})
