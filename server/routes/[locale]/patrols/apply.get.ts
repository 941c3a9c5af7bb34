import type { ApplyPage } from '#shared/patrols/patrol-pages'
import { showApplication } from '#server/domain/patrols/show-patrol-pages'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

export default definePageData<ApplyPage>({
  keepsTyped: true,
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/patrols/apply`)
    return await showApplication(await getServices(), actor) ?? new Redirect(`/${locale}/patrols/me`)
  },
})
