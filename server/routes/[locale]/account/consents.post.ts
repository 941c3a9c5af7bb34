import { consentFormSchema } from '#shared/accounts/consents'
import { saveConsents } from '#server/domain/accounts/consents'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** One yes or no. */
export default defineFormAction({
  fields: consentFormSchema,
  async run({ event, locale, input: { decision } }) {
    await saveConsents(await getServices(), await requireActor(event), [decision], locale)
    return `/${locale}/account/consents?saved`
  },
})
