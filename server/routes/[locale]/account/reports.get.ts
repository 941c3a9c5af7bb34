import type { MyReportsPage } from '#shared/accounts/account-page'
import { filedCategory, getReferenceData } from '#server/domain/communities/get-reference-data'
import { listMyReports } from '#server/domain/reports/list-my-reports'
import { definePageData, Redirect } from '../../../http/page-data.ts'
import { optionalActor } from '../../../http/require-actor.ts'
import { getServices } from '../../../services.ts'

export default definePageData<MyReportsPage>({
  async load({ event, locale }) {
    const actor = await optionalActor(event)
    if (!actor) return new Redirect(`/${locale}/sign-in?next=/${locale}/account/reports`)
    const services = await getServices()
    const [mine, reference] = await Promise.all([listMyReports(services, actor), getReferenceData(services)])
    return {
      now: mine.now, timeZone: reference.station?.time_zone ?? 'Asia/Shanghai',
      reports: mine.reports.map(({ reference: name, category, status, closedReason, receivedAt, updatedAt, unread, awaitsAnswer, clock }) => ({
        reference: name, status, closedReason, receivedAt, updatedAt, unread, awaitsAnswer, clock, category: filedCategory(reference, category)?.name ?? { zh: category, en: category },
      })),
    }
  },
})
