import { getQuery } from 'h3'
import type { ConsentsPage } from '#shared/accounts/consents'
import { listConsents } from '#server/domain/accounts/consents'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

export default definePageData<ConsentsPage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account/consents`)
    const services = await getServices()
    const [consents, { station }] = await Promise.all([listConsents(services, actor), getReferenceData(services)])
    return { ...consents, timeZone: station?.time_zone ?? 'Asia/Shanghai', isSaved: getQuery(event).saved !== undefined }
  },
})
