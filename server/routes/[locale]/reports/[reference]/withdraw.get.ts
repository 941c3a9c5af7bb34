import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { openTracked, reportParams } from '../../../../http/report-view.ts'
import { getServices } from '../../../../services.ts'

/** Taking a report back is asked once more. */
export default definePageData<{ reference: string, isClosed: boolean }, { reference: string }>({
  params: reportParams,
  async load({ event, locale, params }) {
    const tracked = await openTracked(event, await getServices(), params.reference, locale)
    if (tracked instanceof Redirect) return tracked
    if (tracked.viewer === 'follower') return new Redirect(`/${locale}/reports/${params.reference}`)
    return { reference: tracked.reference, isClosed: tracked.status === 'closed' }
  },
})
