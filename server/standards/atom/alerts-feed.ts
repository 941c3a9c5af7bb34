import { effectiveState } from '#shared/alerts/effective-state'
import { shownHeadline, shownText } from '#shared/alerts/headline'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import type { Localised } from '#shared/communities/reference-data'
import type { Locale } from '#shared/locales'
import { alertPage, capMediaType, capNamespace, capTime, languageOf } from '../cap/write-cap.ts'
import { gbtMediaType } from '../gbt35965/write-gbt.ts'
import { textElement } from '../xml/write-xml.ts'
import type { Feed, FeedEntry } from './write-feed.ts'

/** Whose alerts, and where they are read. */
export interface AlertsFeedOptions {
  publicUrl: string
  /** The feed's own address below `publicUrl`: `/feeds/alerts.atom`, `/feeds/communities/ping-an.atom`. */
  path: string
  locale: Locale
  station: Localised
  title: string
  /** ISO 8601 */
  now: string
  /** RFC 4151: the year in which the portal's name was its own; identifiers keep it for good. */
  since?: number
}

/**
 * What belongs into a feed at an instant, newest first: every message that still speaks, and a cancellation or all clear for as long as what it ended would have,
 * so that a reader that looks once a day hears of it. Expired, replaced and cancelled ones are gone.
 * @see CAP Feeds 1.0 §3 (OASIS Emergency Management)
 */
export function alertsInFeed(alerts: readonly PublishedAlert[], now: string): PublishedAlert[] {
  const expiryOf = new Map(alerts.map(({ identifier, expires }) => [identifier, expires]))
  const countsUntil = ({ messageType, references, expires }: PublishedAlert): number => messageType === 'cancel' || messageType === 'all_clear'
    ? Math.max(...references.map(({ identifier }) => Date.parse(expiryOf.get(identifier) ?? expires)), ...references.length ? [] : [Date.parse(expires)])
    : Date.parse(expires)
  return alerts
    .filter(alert => !alert.endedBy && effectiveState({ ...alert, expires: new Date(countsUntil(alert)).toISOString() }, now) === 'current')
    .toSorted((one, other) => Date.parse(other.sent) - Date.parse(one.sent) || one.identifier.localeCompare(other.identifier))
}

/**
 * The alerts as a feed: one entry a message, its id the same for good, its time that of the message, with links to CAP and GB/T 35965.1.
 * @see RFC 4287, CAP Feeds 1.0
 */
export function alertsFeed(alerts: readonly PublishedAlert[], options: AlertsFeedOptions): Feed {
  const { publicUrl, path, locale, station, title, now, since = 2026 } = options
  const shown = alertsInFeed(alerts, now)
  // The newest of all, also of what is gone: the feed's time never goes back.
  const updated = alerts.map(({ sent }) => sent).toSorted((one, other) => Date.parse(other) - Date.parse(one))[0] ?? `${since}-01-01T00:00:00Z`
  return {
    id: `tag:${new URL(publicUrl).hostname},${since}:${path.slice(1)}:${locale}`, self: `${publicUrl}${path}`, page: `${publicUrl}/${locale}/alerts`,
    title, updated, author: station[locale], language: languageOf(locale), namespaces: { cap: capNamespace },
    entries: shown.map(alert => entryOf(alert, options)),
  }
}

function entryOf(alert: PublishedAlert, { publicUrl, locale, since = 2026 }: AlertsFeedOptions): FeedEntry {
  const { text } = shownText(alert, locale)
  const headline = shownHeadline(alert, locale)
  const file = (ending: string) => `${publicUrl}/feeds/alerts/${alert.identifier}.${ending}.xml`
  return {
    id: `tag:${new URL(publicUrl).hostname},${since}:alerts/${alert.identifier}:${locale}`, title: headline, updated: alert.sent, published: alert.sent,
    link: alertPage(alert.identifier, locale, publicUrl), summary: headline,
    links: [{ rel: 'alternate', type: capMediaType, href: file('cap'), title: 'CAP 1.2' }, { rel: 'related', type: gbtMediaType, href: file('gbt'), title: 'GB/T 35965.1' }],
    text: [text.description, text.instruction].filter(part => part !== null).join('\n\n'),
    extensions: ([
      ['identifier', alert.identifier], ['status', alert.isExercise ? 'Exercise' : 'Actual'], ['event', alert.event.name[locale]], ['urgency', alert.urgency], ['severity', alert.severity], ['certainty', alert.certainty],
      ['effective', capTime(alert.sent)], ['expires', capTime(alert.expires)], ['areaDesc', alert.areas.map(({ label }) => label[locale]).join(locale === 'zh' ? '、' : ', ')],
    ] as const).map(([name, value]) => textElement(`cap:${name}`, value)).filter(node => node !== undefined),
  }
}
