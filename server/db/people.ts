import { z } from 'zod'
import { AppError } from '#shared/errors'
import { localisedSchema } from '#shared/communities/reference-data'
import { localeCodes } from '#shared/locales'
import { staffRoles } from '#shared/staff/desk-schema'
import { assignmentKinds, openWorkSchema, proposalEndings, proposalKinds, type AssignCommunityInput, type CorrectInput, type DeactivateInput, type ProposeInput } from '#shared/staff/people-schema'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Limit } from './reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const role = z.enum(staffRoles)

/** What an invitation's link and mail are made of, by the server alone. */
export interface SealedInvitation { token_hash: string, recipient_sealed: string, params_sealed: string }
/** One of the first people of a station. */
export interface FirstPerson extends SealedInvitation { role: 'chief' | 'admin', email: string, name: { zh: string, en: string }, badge_number: string, locale: string }

const people = done.extend({
  today: z.string(), me: z.uuid(), role,
  people: z.array(z.object({
    id: z.uuid(), role, name: localisedSchema, badge_number: z.string(), is_active: z.boolean(), since: instant, email: z.string().nullable(), work: openWorkSchema.nullable(), is_last_of_role: z.boolean(),
    assignments: z.array(z.object({ id: z.uuid(), community_id: z.uuid(), kind: z.enum(assignmentKinds), from_on: z.string(), to_on: z.string().nullable() })),
  })),
  communities: z.array(z.object({ id: z.uuid(), name: localisedSchema })),
  invitations: z.array(z.object({
    id: z.uuid(), email: z.string(), role, name: localisedSchema, badge_number: z.string(), locale: z.enum(localeCodes), sent_at: instant, expires_at: instant, has_ended: z.boolean(),
  })),
  proposals: z.array(z.object({
    id: z.uuid(), kind: z.enum(proposalKinds), role: role.nullable(), reason: z.string(), proposed_at: instant, proposed_by: localisedSchema, decision: z.enum(proposalEndings).nullable(),
    decided_at: instant.nullable(), decided_by: localisedSchema.nullable(), subject_id: z.uuid().nullable(), name: localisedSchema, badge_number: z.string(), former_role: role.nullable(),
    email: z.string().nullable(), locale: z.enum(localeCodes).nullable(), may_decide: z.boolean(), may_withdraw: z.boolean(),
  })),
})

const proposeStaffChangeAnswer = done.extend({ id: z.uuid() })
const resendInvitationAnswer = done.extend({ expires_at: instant })
const deactivateStaffAnswer = done.extend({ reports: z.number(), suggestions: z.number(), shifts: z.number(), assignments: z.number() })
const assignCommunityAnswer = done.extend({ id: z.uuid() })

/** People at the desk. What carries a link or an address for the outbox goes with the secret key and names the actor (RULES A2). */
export function peopleQueries(clients: Clients, actor: DeskActor) {
  const own = clients.as(actor.accessToken)
  const by = { actor: actor.userId, session: actor.sessionId }
  return {
    list: () => call(own, 'list_people', undefined as never, people),
    propose: (proposal: ProposeInput) => call(own, 'propose_staff_change', { p: { ...proposal, ...('invite' in proposal && { invite: invitedRow(proposal.invite) }) } as never }, proposeStaffChangeAnswer),
    decide: (decision: { id: string, decision: string, successor?: string } & Partial<SealedInvitation>) => call(clients.server, 'decide_staff_proposal', { p: { ...decision, ...by } as never }, done),
    resend: (id: string, sealed: SealedInvitation) => call(clients.server, 'resend_invitation', { p: { id, ...sealed, ...by } as never }, resendInvitationAnswer),
    revoke: (id: string) => call(own, 'revoke_invitation', { p_id: id }, done),
    deactivate: (staff: string, { successor, takesCommunities }: DeactivateInput) => call(own, 'deactivate_staff', { p: { staff, successor, takes_communities: takesCommunities } as never },
      deactivateStaffAnswer),
    correct: (staff: string, { name, badgeNumber }: CorrectInput) => call(own, 'correct_staff', { p: { staff, name, badge_number: badgeNumber } as never }, done),
    assign: ({ staff, community, kind, fromOn, toOn }: AssignCommunityInput) => call(own, 'assign_community', { p: { staff, community, kind, from_on: fromOn, to_on: toOn } as never }, assignCommunityAnswer),
    endAssignment: (id: string, lastOn: string | undefined) => call(own, 'end_assignment', { p_id: id, ...(lastOn && { p_last_on: lastOn }) }, done),
  }
}

const invitedRow = ({ badgeNumber, ...rest }: Extract<ProposeInput, { kind: 'invite' }>['invite']) => ({ ...rest, badge_number: badgeNumber })

const opened = done.extend({
  user_id: z.uuid(), email: z.string(), role, name: localisedSchema, badge_number: z.string(), locale: z.enum(localeCodes), station: localisedSchema, expires_at: instant, time_zone: z.string(),
})

const acceptInvitationAnswer = done.extend({ role })
const inviteFirstStaffAnswer = done.extend({ expires_at: instant })

/** The link of an invitation, for whoever holds it. */
export function invitationQueries({ server }: Clients) {
  return {
    read: (tokenHash: string, limits: Limit[]) => call(server, 'get_invitation', { p: { token_hash: tokenHash, limits: limits as never } }, opened),
    accept: (tokenHash: string) => call(server, 'accept_invitation', { p: { token_hash: tokenHash } }, acceptInvitationAnswer),
    inviteFirst: (station: string, people: FirstPerson[]) => call(server, 'invite_first_staff', { p: { station, people: people as never } }, inviteFirstStaffAnswer),
  }
}

const purgePeopleAnswer = done.extend({ invitations: z.number(), proposals: z.number(), has_more: z.boolean() })

/** One page of invitations that nobody used and proposals that nobody decided. */
export function purgePeopleRows({ server }: Clients, { limit, isDry = false }: { limit: number, isDry?: boolean }) {
  return call(server, 'purge_people', { p: { limit, is_dry: isDry } }, purgePeopleAnswer)
}

/**
 * Makes the account of an invited person at Supabase Auth, under the id that the invitation holds. One that a broken-off attempt left there gets the
 * password; one that somebody else has under this address is not touched.
 * @throws AppError address_taken, invalid (password), unavailable
 */
export async function makeAuthUser({ server }: Clients, { id, email, password }: { id: string, email: string, password: string }): Promise<void> {
  const { data, error } = await server.auth.admin.createUser({ id, email, password, email_confirm: true })
  if (!error && data.user.id === id) return
  if (error?.code === 'weak_password') throw new AppError('invalid', {}, { fields: { password: { key: 'accounts.errors.passwordWeak' } }, cause: error })
  if (error && error.code !== 'email_exists' && error.code !== 'user_already_exists') throw new AppError('unavailable', {}, { cause: error })
  const { error: refused } = await server.auth.admin.updateUserById(id, { password, email_confirm: true })
  if (refused) throw new AppError(refused.status === 404 ? 'address_taken' : 'unavailable', {}, { cause: refused })
}
