import { alertActs, mayDo } from '#shared/alerts/alert-rights'
import type { DeskAlert, DeskAlertCard } from '#shared/alerts/alert-schema'
import type { AlertFacts, AlertReader, WholeAlert } from '#server/db/alerts'

/** A message as the desk lists it, with what its reader may do with it now. */
export function cardOf(alert: AlertFacts, me: AlertReader): DeskAlertCard {
  const card = {
    identifier: alert.identifier, chain: alert.chain, base: alert.base, messageType: alert.message_type, isExercise: alert.is_exercise, kind: alert.kind, colour: alert.colour, event: alert.event,
    urgency: alert.urgency, severity: alert.severity, certainty: alert.certainty, onset: alert.onset, expires: alert.expires, follows: alert.follows, communityIds: alert.community_ids, headlines: alert.headlines,
    state: alert.state, effectiveState: alert.effective_state, revision: alert.revision, needsSecondPerson: alert.needs_second_person,
    createdAt: alert.created_at, createdBy: alert.created_by, editedAt: alert.edited_at, editedBy: alert.edited_by, submittedAt: alert.submitted_at, submittedBy: alert.submitted_by,
    returnedReason: alert.returned_reason, approvedAt: alert.approved_at, approvedBy: alert.approved_by, overrideReason: alert.override_reason, sent: alert.sent, publishedBy: alert.published_by,
    endedBy: alert.ended_by, endedByType: alert.ended_by_type,
  }
  const person = { id: me.id, role: me.role, communityIds: me.community_ids }
  const actedOn = { ...card, createdBy: card.createdBy.id, editedBy: card.editedBy.id, approvedBy: card.approvedBy?.id ?? null }
  return { ...card, may: alertActs.filter(act => mayDo(act, actedOn, person)) }
}

/** A message with everything in it, as the composer opens it. */
export const deskAlertOf = (alert: WholeAlert, me: AlertReader): DeskAlert =>
  ({ ...cardOf(alert, me), texts: alert.texts, contact: alert.contact, web: alert.web, gridIds: alert.grid_ids, areas: alert.areas, references: alert.references })
