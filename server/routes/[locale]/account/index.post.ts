import { profileFormSchema } from '#shared/accounts/account-schema'
import { saveProfile } from '#server/domain/accounts/save-profile'
import { defineFormAction } from '../../../http/form-action.ts'
import { requireActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

/** Keeps community and language, and shows the account in that language. */
export default defineFormAction({
  fields: profileFormSchema,
  async run({ event, input: { community, language } }) {
    await saveProfile(await getServices(), await requireActor(event), { community, locale: language })
    return `/${language}/account?saved=profile`
  },
})
