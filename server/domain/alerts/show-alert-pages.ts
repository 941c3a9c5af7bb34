import type { AlertCard, AlertPage, AlertsPage, CurrentAlerts, PosterPage } from '#shared/alerts/alert-pages'
import type { ShownAlert } from '#shared/alerts/alert-schema'
import type { CheckedMessage, CheckPage } from '#shared/alerts/check-page'
import { shownHeadline, shownText } from '#shared/alerts/headline'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { AppError } from '#shared/errors'
import type { Locale } from '#shared/locales'
import { getReferenceData } from '../communities/get-reference-data.ts'
import { qrCode } from '../reports/receipt-qr.ts'
import type { Services } from '../services.ts'
import { getAlerts } from './get-alerts.ts'
import { shareText } from './share-text.ts'
import { listCurrentAlerts, showAlert, withState, type Wanted } from './show-alerts.ts'

/** Older ones are found by their code. */
const mostPast = 20

/** The page of all alerts: what counts now, then what was. A community or kind that is not there leaves all. */
export async function showAlertsPage(services: Services, { community, kind }: Wanted, locale: Locale): Promise<AlertsPage> {
  const [{ list, now }, reference, timed] = await Promise.all([getAlerts(services), getReferenceData(services), clock(services)])
  const place = reference.communities.find(({ slug }) => slug === community)
  const wanted = { ...(place && { community: place.slug }), ...(kind && { kind }) }
  // Of a chain the last word, not each step; what ended something has said so while it counted.
  const past = list.map(alert => withState(alert, now))
    .filter(({ state, messageType }) => state !== 'current' && state !== 'superseded' && messageType !== 'cancel' && messageType !== 'all_clear')
    .filter(alert => (!kind || alert.kind === kind) && (!place || alert.communityIds.includes(place.id)))
  return {
    current: (await listCurrentAlerts(services, wanted)).map(alert => cardOf(alert, locale)),
    past: past.slice(0, mostPast).map(alert => cardOf(alert, locale)),
    communities: reference.communities.map(({ slug, name }) => ({ slug, name })), wanted, ...timed,
  }
}

/** What counts now, for the front page (all of it) or the page of a community. Other pages must not fail with the alerts. */
export async function showCurrentAlerts(services: Services, locale: Locale, community?: string): Promise<CurrentAlerts> {
  try {
    return { cards: (await listCurrentAlerts(services, { ...(community && { community }) })).map(alert => cardOf(alert, locale)), ...await clock(services) }
  }
  catch (error) {
    if (error instanceof AppError && error.code === 'unavailable') return unknownAlerts
    throw error
  }
}

/** The database is away: a page says so instead of "no alerts". */
export const unknownAlerts: CurrentAlerts = { cards: null, timeZone: 'Asia/Shanghai', now: new Date(0).toISOString() }

/** One message with all that followed it. @throws AppError not_found */
export async function showAlertPage(services: Services, identifier: string, locale: Locale): Promise<AlertPage> {
  const [alert, { list, now }, { communities }, timed] = await Promise.all([showAlert(services, identifier), getAlerts(services), getReferenceData(services), clock(services)])
  const card = (other: PublishedAlert | undefined) => other ? cardOf(withState(other, now), locale) : null
  const chain = list.filter(other => other.chain === alert.chain).toSorted((one, other) => Date.parse(one.sent) - Date.parse(other.sent))
  const last = chain.at(-1)
  return {
    card: cardOf(alert, locale), text: shownText(alert, locale).text,
    alert: { onset: alert.onset, event: alert.event, sender: alert.sender, contact: alert.contact, web: alert.web },
    shapes: alert.areas.map(({ shape }) => shape),
    communities: communities.filter(({ id }) => alert.communityIds.includes(id)),
    chain: chain.map(other => cardOf(withState(other, now), locale)),
    latest: alert.endedBy ? card(last) : null,
    follows: card(list.find(other => other.identifier === alert.follows)),
    solvedBy: card(list.find(({ follows }) => follows !== null && chain.some(other => other.identifier === follows))),
    shareText: shareText(alert, locale, { publicUrl: services.settings.publicUrl, timeZone: timed.timeZone }),
    ...timed,
  }
}

/** The sheet for the notice board: the text, and a QR code to what holds now. @throws AppError not_found */
export async function showPoster(services: Services, identifier: string, locale: Locale): Promise<PosterPage> {
  const alert = await showAlert(services, identifier)
  const address = `${services.settings.publicUrl}/${locale}/alerts/${alert.identifier}`
  return { card: cardOf(alert, locale), text: shownText(alert, locale).text, sender: alert.sender.name, contact: alert.contact, qr: qrCode(address), address, ...await clock(services) }
}

/** A message as a list shows it. */
export function cardOf(alert: ShownAlert, wanted: Locale): AlertCard {
  const { identifier, messageType, kind, colour, isExercise, state, sent, expires } = alert
  return { identifier, messageType, kind, colour, isExercise, state, headline: shownHeadline(alert, wanted), locale: shownText(alert, wanted).locale, areas: alert.areas.map(({ label }) => label[wanted]), sent, expires }
}

async function clock(services: Services) {
  const [{ now }, { station }] = await Promise.all([getAlerts(services), getReferenceData(services)])
  return { timeZone: station?.time_zone ?? 'Asia/Shanghai', now: new Date(now).toISOString() }
}

/** What "is this real?" shows of an answer. */
export async function checkPageOf(services: Services, checked: CheckedMessage | undefined, locale: Locale): Promise<CheckPage> {
  const timed = await clock(services)
  if (!checked) return { checked: null, ...timed }
  const { alert, ...answer } = checked
  const { byIdentifier, now } = await getAlerts(services)
  const last = byIdentifier.get(answer.endedBy?.identifier ?? '')
  return { checked: { ...answer, card: alert ? cardOf(alert, locale) : null, latest: last ? cardOf(withState(last, now), locale) : null }, ...timed }
}
