import { AppError } from '#shared/errors'
import type { DeskActor } from '#server/db/desk-reports'
import { peopleQueries } from '#server/db/people'
import type { DecideInput, ProposeInput } from '#shared/staff/people-schema'
import type { Services } from '../services.ts'
import { newInvitationToken, sealInvitation } from './invitation-token.ts'

/**
 * What an administrator wants for a person; nothing changes until a chief confirms it (RULES A5).
 * @throws AppError forbidden, not_found, not_for_oneself, second_person_required, already_proposed, already_staff, already_invited, badge_taken, conflict
 */
export async function proposeChange({ clients }: Services, actor: DeskActor, proposal: ProposeInput): Promise<{ id: string }> {
  const { id } = await peopleQueries(clients, actor).propose(proposal)
  return { id }
}

/**
 * A chief confirms or refuses, an administrator takes back. A confirmed invitation is mailed; a changed role counts at once and ends the person's sessions.
 * @throws AppError forbidden, not_found, conflict, not_for_oneself, second_person_required, last_of_role, successor_required, assignee_not_allowed
 */
export async function decideProposal({ clients, keys }: Services, actor: DeskActor, id: string, decision: DecideInput): Promise<void> {
  const queries = peopleQueries(clients, actor)
  if (decision.decision !== 'confirmed') return void await queries.decide({ id, ...decision })
  const proposal = (await queries.list()).proposals.find(known => known.id === id)
  if (!proposal) throw new AppError('not_found')
  const sealed = proposal.email === null ? {} : sealInvitation(keys, { token: newInvitationToken(), email: proposal.email })
  await queries.decide({ id, ...decision, ...sealed })
}

/** A new link for seven days; the older one stops working. @throws AppError forbidden, not_found, rate_limited */
export async function resendInvitation({ clients, keys }: Services, actor: DeskActor, id: string): Promise<void> {
  const queries = peopleQueries(clients, actor)
  const invitation = (await queries.list()).invitations.find(known => known.id === id)
  if (!invitation) throw new AppError('not_found')
  await queries.resend(id, sealInvitation(keys, { token: newInvitationToken(), email: invitation.email }))
}

/** The link stops working. @throws AppError forbidden, not_found, last_of_role (the first chief's) */
export async function revokeInvitation({ clients }: Services, actor: DeskActor, id: string): Promise<void> {
  await peopleQueries(clients, actor).revoke(id)
}
