import { getQuery } from 'h3'
import { z } from 'zod'
import type { AlertsPage } from '#shared/alerts/alert-pages'
import { alertKinds } from '#shared/alerts/alert-words'
import { showAlertsPage } from '#server/domain/alerts/show-alert-pages'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

/** What the two lists of the filter send; anything else asks for all. */
const filterSchema = z.object({ community: z.string().max(60).optional().catch(undefined), kind: z.enum(alertKinds).optional().catch(undefined) })

export default definePageData<AlertsPage>({
  isPublic: true,
  async load({ event, locale }) {
    const { community, kind } = filterSchema.parse(getQuery(event))
    return showAlertsPage(await getServices(), { ...(community && { community }), ...(kind && { kind }) }, locale)
  },
})
