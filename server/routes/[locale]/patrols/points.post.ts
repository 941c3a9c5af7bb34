import { correctionFormSchema } from '#shared/patrols/points-pages'
import { askFromPage } from '#server/domain/patrols/show-points'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** Asks for a correction of hours. */
export default defineFormAction({
  fields: correctionFormSchema,
  async run({ event, input }) {
    await askFromPage(await getServices(), await requireActor(event), input)
    return '?did=asked'
  },
})
