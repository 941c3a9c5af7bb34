import type { DeskActor } from '#server/db/desk-reports'
import { peopleQueries } from '#server/db/people'
import { assignmentGaps } from '#shared/staff/assignment-gaps'
import type { Assignment, AssignCommunityInput, CorrectInput, DeactivateInput, HandedOver, People } from '#shared/staff/people-schema'
import type { Services } from '../services.ts'

/** Who works here, who is invited, what is proposed, and which communities nobody looks after. @throws AppError forbidden */
export async function listPeople({ clients }: Services, actor: DeskActor): Promise<People> {
  const { me, role, today, people, invitations, proposals, communities } = await peopleQueries(clients, actor).list()
  const everyone = people.map(({ badge_number: badgeNumber, is_active: isActive, is_last_of_role: isLastOfRole, assignments, ...person }) => ({
    ...person, badgeNumber, isActive, isLastOfRole,
    assignments: assignments.map(({ id, community_id: communityId, kind, from_on: fromOn, to_on: toOn }): Assignment => ({ id, communityId, kind, fromOn, toOn })),
  }))
  const planned = everyone.flatMap(({ assignments }) => assignments)
  return {
    me, role, today, people: everyone,
    communities: communities.map(({ id, name }) => ({ id, name, gaps: assignmentGaps(planned.filter(({ communityId }) => communityId === id), today) })),
    invitations: invitations.map(({ id, email, role, name, badge_number: badgeNumber, sent_at: sentAt, expires_at: expiresAt, has_ended: hasEnded }) => ({ id, email, role, name, badgeNumber, sentAt, expiresAt, hasEnded })),
    proposals: proposals.map(({ id, kind, role, reason, decision, name, email, proposed_at, proposed_by, decided_at, decided_by, subject_id, badge_number, former_role, may_decide, may_withdraw }) => ({
      id, kind, role, reason, decision, name, email, proposedAt: proposed_at, proposedBy: proposed_by, decidedAt: decided_at, decidedBy: decided_by, subjectId: subject_id,
      badgeNumber: badge_number, formerRole: former_role, mayDecide: may_decide, mayWithdraw: may_withdraw,
    })),
  }
}

/**
 * Ends somebody's access at once and hands their open work to a colleague, in one transaction.
 * @throws AppError forbidden, not_found, not_for_oneself, second_person_required (a chief's or an auditor's), last_of_role, successor_required, assignee_not_allowed
 */
export async function deactivateColleague({ clients }: Services, actor: DeskActor, id: string, input: DeactivateInput): Promise<HandedOver> {
  const { reports, suggestions, shifts, assignments } = await peopleQueries(clients, actor).deactivate(id, input)
  return { reports, suggestions, shifts, assignments }
}

/** Name and badge number. @throws AppError forbidden, not_found, not_for_oneself, badge_taken */
export async function correctColleague({ clients }: Services, actor: DeskActor, id: string, input: CorrectInput): Promise<void> {
  await peopleQueries(clients, actor).correct(id, input)
}

/** Who looks after a community, or stands in. @throws AppError forbidden, not_found, invalid_input, assignee_not_allowed, assignment_overlap */
export async function assignCommunity({ clients }: Services, actor: DeskActor, input: AssignCommunityInput): Promise<{ id: string }> {
  const { id } = await peopleQueries(clients, actor).assign(input)
  return { id }
}

/** @param lastOn the last day; without one it ends at once @throws AppError forbidden, not_found, invalid_input, assignment_overlap */
export async function endAssignment({ clients }: Services, actor: DeskActor, id: string, lastOn: string | undefined): Promise<void> {
  await peopleQueries(clients, actor).endAssignment(id, lastOn)
}
