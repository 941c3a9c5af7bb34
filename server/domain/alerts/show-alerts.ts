import { compareColours } from '#shared/alerts/alert-colours'
import type { ShownAlert } from '#shared/alerts/alert-schema'
import type { AlertKind } from '#shared/alerts/alert-words'
import { effectiveState } from '#shared/alerts/effective-state'
import { parseAlertIdentifier } from '#shared/alerts/identifier'
import type { PublishedAlert } from '#shared/alerts/published-alert'
import { AppError } from '#shared/errors'
import { readAlert } from '#server/db/alerts'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { getAlerts } from './get-alerts.ts'

export interface Wanted { community?: string, kind?: AlertKind }

/** What counts now, the most serious first, then the newest; a cancellation or all clear counts until its own end. @param wanted `community` is a slug */
export async function listCurrentAlerts(services: Services, { community: slug, kind }: Wanted = {}): Promise<ShownAlert[]> {
  const { list, now } = await getAlerts(services)
  const community = slug === undefined ? undefined : (await getReferenceData(services)).communities.find(known => known.slug === slug)
  if (slug !== undefined && !community) return []
  return list.map(alert => withState(alert, now))
    .filter(alert => alert.state === 'current' && (!kind || alert.kind === kind) && (!community || alert.communityIds.includes(community.id)))
    .toSorted((a, b) => weight(b) - weight(a) || compareColours(b.colour, a.colour) || Date.parse(b.sent) - Date.parse(a.sent))
}

/** One message by its identifier or short code, as it was typed. @throws AppError not_found */
export async function showAlert(services: Services, typed: string): Promise<ShownAlert> {
  const identifier = parseAlertIdentifier(typed)
  if (!identifier) throw new AppError('not_found')
  const { byIdentifier, now } = await getAlerts(services)
  const known = byIdentifier.get(identifier)
  if (known) return withState(known, now)
  const { alert, state } = await readAlert(services.clients, identifier)
  return { ...alert, state }
}

/** A message together with what it is worth at that time. */
export const withState = (alert: PublishedAlert, now: number): ShownAlert => ({ ...alert, state: effectiveState(alert, now) })

// What is going on stands before what is over, and a drill before nothing real.
const weight = ({ isExercise, messageType }: PublishedAlert) => (isExercise ? 0 : 2) + (messageType === 'cancel' || messageType === 'all_clear' ? 0 : 1)
