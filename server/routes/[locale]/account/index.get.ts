import { getQuery } from 'h3'
import type { AccountPage } from '#shared/accounts/account-page'
import { listConsents } from '#server/domain/accounts/consents'
import { readAccount } from '#server/domain/accounts/read-account'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { openRatingFor } from '#server/domain/ratings/show-ratings'
import { config } from '../../../config.ts'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

export default definePageData<AccountPage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account`)
    const services = await getServices()
    const [account, { communities, station, now }, { texts }] = await Promise.all([readAccount(services, actor), getReferenceData(services), listConsents(services, actor)])
    const isToAgree = texts.some(({ is_required, last, version }) => is_required && last?.version !== version)
    const rating = account.staff_role === null ? await openRatingFor(services, account.verification?.community ?? account.community) : null
    const { saved } = getQuery(event)
    return { account, communities: communities.map(({ slug, name }) => ({ slug, name })), saved: saved === 'profile' || saved === 'password' ? saved : undefined, isToAgree, hasTelegram: config().telegram !== undefined, rating, timeZone: station?.time_zone ?? 'Asia/Shanghai', now }
  },
})
