import { AppError } from '#shared/errors'
import { applyFormSchema, availabilityOf } from '#shared/patrols/patrol-pages'
import { applyAsVolunteer } from '#server/domain/patrols/own-patrols'
import { declaredVersions, showApplication } from '#server/domain/patrols/show-patrol-pages'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** Asks to join. Every declaration that is in force now has to be ticked in this version. */
export default defineFormAction({
  fields: applyFormSchema,
  async run({ event, locale, input: { times, declarations, community, kinds, ...contact } }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    const page = await showApplication(services, actor)
    if (!page) throw new AppError('already_volunteer')
    await applyAsVolunteer(services, actor, { community, kinds, availability: availabilityOf(times), contact, declarations: declaredVersions(declarations, page.declarations), locale })
    return `/${locale}/patrols/me?did=applied`
  },
})
