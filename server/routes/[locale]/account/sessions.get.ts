import { getQuery, getRequestHeader } from 'h3'
import type { SessionsPage } from '#shared/accounts/sessions'
import { listSessions } from '#server/domain/accounts/sessions'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

export default definePageData<SessionsPage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account/sessions`)
    const services = await getServices()
    const [sessions, { station }] = await Promise.all([listSessions(services, actor, getRequestHeader(event, 'user-agent')), getReferenceData(services)])
    return { ...sessions, timeZone: station?.time_zone ?? 'Asia/Shanghai', isDone: getQuery(event).done !== undefined }
  },
})
