import { getQuery, type H3Event } from 'h3'
import { defaultLocale, isLocale, type Locale } from '#shared/locales'
import type { Community } from '#shared/communities/reference-data'
import { getAlerts } from '#server/domain/alerts/get-alerts'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { alertsFeed } from '#server/standards/atom/alerts-feed'
import type { Feed } from '#server/standards/atom/write-feed'
import { getServices } from '../services.ts'
import { text } from '../texts.ts'

/** The language of a feed stands in its address (`?locale=en`): a reader fetches the same address for years, from anywhere. */
export const feedLocale = (event: H3Event): Locale => {
  const { locale } = getQuery(event)
  return isLocale(locale) ? locale : defaultLocale
}

/** The station's alerts as a feed, or those of one community. @param path of the feed, without its query */
export async function readAlertsFeed(event: H3Event, path: string, community?: Community): Promise<Feed> {
  const services = await getServices()
  const locale = feedLocale(event)
  const [{ list, now }, { station }] = await Promise.all([getAlerts(services), getReferenceData(services)])
  const name = station?.name ?? { zh: text('zh', 'alerts.feed.station'), en: text('en', 'alerts.feed.station') }
  return alertsFeed(community ? list.filter(({ communityIds }) => communityIds.includes(community.id)) : list, {
    publicUrl: services.settings.publicUrl, path: locale === defaultLocale ? path : `${path}?locale=${locale}`, locale, station: name,
    title: text(locale, 'alerts.feed.title', { name: community?.name[locale] ?? name[locale] }), now: new Date(now).toISOString(),
  })
}
