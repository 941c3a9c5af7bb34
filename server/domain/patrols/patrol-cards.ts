import { actsFor } from '#shared/patrols/volunteer-steps'
import type { DeskShift, DeskVolunteer, ShiftCard, Volunteer } from '#shared/patrols/patrol-schema'
import type { DeskShiftRow, DeskVolunteerRow, ShiftRow, VolunteerRow } from '#server/db/patrols'

/** A volunteer as they see themselves. */
export const volunteerOf = (row: VolunteerRow): Volunteer => ({
  id: row.id, community: row.community, kinds: row.kinds, state: row.state, availability: row.availability, createdAt: row.created_at, changedAt: row.changed_at, refusedReason: row.refused_reason, hasAppealed: row.has_appealed,
  suspendedUntil: row.suspended_until, lockedAt: row.locked_at, attended: row.attended, missed: row.missed, skills: row.skills,
})

/** A volunteer at the desk, with what the reader may decide now. */
export const deskVolunteerOf = (row: DeskVolunteerRow, me: { id: string, role: string }): DeskVolunteer => ({
  ...volunteerOf(row), reviewedBy: row.reviewed_by, may: actsFor({ state: row.state, isLocked: row.locked_at !== null, attended: row.attended, reviewedBy: row.reviewed_by }, me),
})

/** A shift with counts instead of people. */
export const shiftCardOf = (row: ShiftRow): ShiftCard => ({
  id: row.id, community: row.community, type: row.type, route: row.route, startsAt: row.starts_at, endsAt: row.ends_at, needed: row.needed, maximum: row.maximum, kind: row.kind, skill: row.skill, state: row.state,
  cancelledReason: row.cancelled_reason, firstClaimsUntil: row.first_claims_until, sequence: row.sequence, revisedAt: row.revised_at, confirmed: row.confirmed, waiting: row.waiting,
})

/** A shift at the desk, with who is on it by their ids. */
export const deskShiftOf = (row: DeskShiftRow): DeskShift => ({
  ...shiftCardOf(row), series: row.series, leadVolunteer: row.lead_volunteer, leadStaff: row.lead_staff,
  places: row.places.map(({ is_trainee: isTrainee, signed_at: signedAt, offered_until: offeredUntil, attended_at: attendedAt, ...place }) => ({ ...place, isTrainee, signedAt, offeredUntil, attendedAt })),
})
