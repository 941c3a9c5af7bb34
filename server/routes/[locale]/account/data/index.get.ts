import type { DataPage } from '#shared/accounts/account-page'
import { isFresh } from '#server/domain/accounts/export-account'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { optionalActor } from '../../../../http/require-actor.ts'
import { getServices } from '../../../../services.ts'

export default definePageData<DataPage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account/data`)
    return { isFresh: await isFresh(await getServices(), actor) }
  },
})
