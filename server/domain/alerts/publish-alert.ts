import type { ShownAlert } from '#shared/alerts/alert-schema'
import { effectiveState } from '#shared/alerts/effective-state'
import { publicationQueries } from '#server/db/alerts'
import type { DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'
import { signAlert } from './alert-statement.ts'
import { forgetAlerts } from './get-alerts.ts'
import { revisionNow } from './write-alert.ts'

/**
 * Publishes a draft: the database says what it will say, the portal signs that, and both are committed with everything that follows from it.
 * `overrideReason`: the chief publishes without a second person.
 * @throws AppError not_found, conflict, forbidden, second_person_required, reason_missing, status_order, alert_ended, alert_incomplete, alert_expiry
 */
export async function publishAlert(services: Services, actor: DeskActor, { identifier, revision: seen, overrideReason }: { identifier: string, revision?: number, overrideReason?: string }): Promise<ShownAlert> {
  const publication = { identifier, revision: seen ?? await revisionNow(services, actor, identifier), overrideReason }
  const queries = publicationQueries(services.clients, actor)
  const { content } = await queries.prepare(publication)
  const { alert } = await queries.publish(publication, content, signAlert(services.keys, content))
  forgetAlerts(services)
  return { ...alert, state: effectiveState(alert, alert.sent) }
}
