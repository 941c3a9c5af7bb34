import { definePageData, Redirect } from '../../../../../http/page-data.ts'
import { openTracked, reportParams } from '../../../../../http/report-view.ts'
import { getServices } from '../../../../../http/services.ts'

/** Adding a file to a report that was sent. */
export default definePageData<{ reference: string }, { reference: string }>({
  params: reportParams,
  async load({ event, locale, params }) {
    const tracked = await openTracked(event, await getServices(), params.reference, locale)
    if (tracked instanceof Redirect) return tracked
    if (tracked.viewer === 'follower') return new Redirect(`/${locale}/reports/${params.reference}`)
    return { reference: tracked.reference }
  },
})
