import { getQuery } from 'h3'
import type { PasswordPage } from '#shared/accounts/account-page'
import { safeNextPath } from '#shared/accounts/next-path'
import { whatToAsk } from '#server/domain/accounts/change-password'
import { readAccount } from '#server/domain/accounts/read-account'
import { isProved } from '#server/domain/accounts/sign-in-ticket'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'
import { proofCookie } from '../../../http/sign-in-cookies.ts'

export default definePageData<PasswordPage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account/password`)
    const services = await getServices()
    const { email, has_password } = await readAccount(services, actor)
    const query = getQuery(event)
    return { email, asks: whatToAsk(has_password, isProved(services.keys, proofCookie.read(event), actor.sessionId, Date.now())), isNew: query.new !== undefined, next: safeNextPath(query.next) ?? `/${locale}/account` }
  },
})
