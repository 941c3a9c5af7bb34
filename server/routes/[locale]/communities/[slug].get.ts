import type { CurrentAlerts } from '#shared/alerts/alert-pages'
import { communityPathSchema, type CommunityPage } from '#shared/communities/community-pages'
import { showCurrentAlerts } from '#server/domain/alerts/show-alert-pages'
import { showCommunity } from '#server/domain/communities/show-community'
import { definePageData } from '../../../http/page-data.ts'
import { getServices } from '../../../services.ts'

export default definePageData<CommunityPage & { alerts: CurrentAlerts }, { slug: string }>({
  params: communityPathSchema,
  isPublic: true,
  async load({ params, locale }) {
    const services = await getServices()
    return { ...await showCommunity(services, params.slug), alerts: await showCurrentAlerts(services, locale, params.slug) }
  },
})
