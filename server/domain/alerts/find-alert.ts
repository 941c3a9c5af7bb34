import type { PublishedAlert } from '#shared/alerts/published-alert'
import { AppError } from '#shared/errors'
import { readAlert } from '#server/db/alerts'
import type { Services } from '../services.ts'
import { getAlerts } from './get-alerts.ts'

/** A published message by its identifier, for whoever sends it; undefined: there is none. Thousands to send ask the database once. */
export async function findAlert(services: Services, identifier: string): Promise<PublishedAlert | undefined> {
  const known = (await getAlerts(services)).byIdentifier.get(identifier)
  if (known) return known
  try {
    return (await readAlert(services.clients, identifier)).alert
  }
  catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}
