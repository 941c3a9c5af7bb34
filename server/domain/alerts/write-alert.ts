import type { AlertAreaInput, AlertDraft, DeskAlert, DeskAlertCard, ReadAlert } from '#shared/alerts/alert-schema'
import type { ReferenceData } from '#shared/communities/reference-data'
import { AppError, type FieldErrors } from '#shared/errors'
import { deskAlertQueries } from '#server/db/alerts'
import type { DeskActor } from '#server/db/desk-reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { cardOf, deskAlertOf } from './desk-alert.ts'
import { crossesItself, touchedAreas } from './touched-areas.ts'

/** Messages of the station as far as this person reads them, the last changed first. @throws AppError forbidden */
export async function listDeskAlerts({ clients }: Services, actor: DeskActor, state?: 'open' | 'published' | 'discarded'): Promise<DeskAlertCard[]> {
  const { me, alerts } = await deskAlertQueries(clients, actor).list(state)
  return alerts.map(alert => cardOf(alert, me))
}

/** One message and its chain. @throws AppError not_found */
export async function readDeskAlert({ clients }: Services, actor: DeskActor, identifier: string): Promise<ReadAlert> {
  const { me, alert, chain } = await deskAlertQueries(clients, actor).read(identifier)
  return { alert: deskAlertOf(alert, me), chain: chain.map(other => cardOf(other, me)) }
}

/**
 * A new draft, or a change of one, which takes it out of review.
 * @param changed the draft to change, and its revision that the editor had seen
 * @throws AppError invalid (areas that cross themselves or lie elsewhere), invalid_input, forbidden, not_found, conflict when somebody saved meanwhile
 */
export async function saveAlert(services: Services, actor: DeskActor, { isExercise, areas, ...draft }: AlertDraft, changed?: { identifier: string, revision: number }): Promise<DeskAlert> {
  const reference = await getReferenceData(services)
  const fields: FieldErrors = {}
  const placed = areas.map((area, index) => {
    const { problem, ...row } = placeArea(reference, area)
    if (problem) fields[`areas.${index}`] = { key: problem }
    return row
  })
  if (Object.keys(fields).length) throw new AppError('invalid', {}, { fields })
  const { me, alert } = await deskAlertQueries(services.clients, actor).save({ ...draft, ...changed, is_exercise: isExercise, areas: placed })
  return deskAlertOf(alert, me)
}

function placeArea(reference: ReferenceData, area: AlertAreaInput): Record<string, unknown> & { problem?: string } {
  if (area.kind !== 'polygon' && area.kind !== 'circle') return area
  if (area.kind === 'polygon' && crossesItself(area.shape)) return { ...area, problem: 'alerts.errors.ring' }
  const { communities, grids } = touchedAreas(reference, area.shape)
  return { ...area, communities, grids, ...(communities.length === 0 && { problem: 'alerts.errors.outside' }) }
}

/** What one button begins from a published message: the draft that follows it, or a drill like it. @throws AppError not_found, alert_ended, follow_up_open, invalid_input */
export async function startFrom({ clients }: Services, actor: DeskActor, identifier: string, act: 'update' | 'cancel' | 'all_clear' | 'exercise'): Promise<DeskAlert> {
  const { me, alert } = await deskAlertQueries(clients, actor).start(identifier, act)
  return deskAlertOf(alert, me)
}

/** What is decided about a draft. @throws AppError not_found, conflict, forbidden, second_person_required, reason_missing, status_order, alert_ended, alert_incomplete, alert_expiry */
export async function decideAlert(services: Services, actor: DeskActor, decision: { identifier: string, revision?: number, act: 'submit' | 'return' | 'discard' | 'approve', reason?: string }): Promise<DeskAlert> {
  const revision = decision.revision ?? await revisionNow(services, actor, decision.identifier)
  const { me, alert } = await deskAlertQueries(services.clients, actor).decide({ ...decision, revision })
  return deskAlertOf(alert, me)
}

/** The revision of a draft as it is now. @throws AppError not_found */
export async function revisionNow({ clients }: Services, actor: DeskActor, identifier: string): Promise<number> {
  return (await deskAlertQueries(clients, actor).read(identifier)).alert.revision
}
