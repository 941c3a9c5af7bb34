import type { ErasePage } from '#shared/accounts/account-page'
import { planErasure } from '#server/domain/accounts/erase-account'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

export default definePageData<ErasePage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account/erase`)
    return planErasure(await getServices(), actor)
  },
})
