import { z } from 'zod'
import { assignCommunitySchema, correctSchema, deactivateSchema, decideSchema, endAssignmentSchema, handedOverSchema, peopleSchema, personPathSchema, proposeSchema } from '#shared/staff/people-schema'
import type { Operation } from '../operation.ts'

const people = { noun: 'staff', access: 'desk' } as const
const one = { ...people, method: 'post', params: personPathSchema } as const
const done = { status: 204, says: 'Done.' } as const
const made = { status: 200, says: 'Kept.', schema: z.object({ id: z.uuid() }) } as const

/** Who works at the station, who is invited, what is proposed about whom. */
export const peopleOperations: readonly Operation[] = [
  {
    ...people, method: 'get', path: '/api/desk/staff/people', id: 'listPeople', summary: 'People, invitations, proposals and who looks after which community; what is shown depends on the role',
    answers: [{ status: 200, says: 'Everyone, those at work first.', schema: peopleSchema }], errors: [],
  },
  {
    ...one, path: '/api/desk/staff/people/{id}', id: 'correctColleague', summary: 'Corrects name or badge number; by chief or administrator, never one\'s own',
    body: correctSchema, answers: [done], errors: ['not_for_oneself', 'badge_taken', 'invalid_input'],
  },
  {
    ...one, path: '/api/desk/staff/people/{id}/deactivate', id: 'deactivateColleague', summary: 'Ends somebody\'s access at once and hands their open work to a colleague; by the chief. Of a chief or an auditor it is proposed',
    body: deactivateSchema, answers: [{ status: 200, says: 'What changed hands.', schema: handedOverSchema }], errors: ['not_for_oneself', 'second_person_required', 'last_of_role', 'successor_required', 'assignee_not_allowed'],
  },
  {
    ...people, method: 'post', path: '/api/desk/staff/proposals', id: 'proposeChange', summary: 'Proposes an invitation, another role, ending the access of a chief or an auditor, letting somebody back in, or a new second factor; by an administrator',
    body: proposeSchema, answers: [made], errors: ['not_for_oneself', 'second_person_required', 'already_proposed', 'already_staff', 'already_invited', 'badge_taken', 'conflict', 'invalid_input'],
  },
  {
    ...one, path: '/api/desk/staff/proposals/{id}', id: 'decideProposal', summary: 'Confirms or refuses a proposal, by a chief whom it does not concern; or takes it back, by an administrator',
    body: decideSchema, answers: [done], errors: ['conflict', 'not_for_oneself', 'second_person_required', 'last_of_role', 'successor_required', 'assignee_not_allowed', 'invalid_input'],
  },
  {
    ...one, path: '/api/desk/staff/invitations/{id}/resend', id: 'resendInvitation', summary: 'Mails a new link for seven days; the older one stops working',
    answers: [done], errors: ['rate_limited'],
  },
  {
    ...people, method: 'delete', params: personPathSchema, path: '/api/desk/staff/invitations/{id}', id: 'revokeInvitation', summary: 'Takes an invitation back; the first chief\'s stays',
    answers: [done], errors: ['last_of_role'],
  },
  {
    ...people, method: 'post', path: '/api/desk/staff/assignments', id: 'assignCommunity', summary: 'Gives somebody a community from a day on, as its officer or as stand-in; by the chief',
    body: assignCommunitySchema, answers: [made], errors: ['assignee_not_allowed', 'assignment_overlap', 'invalid_input'],
  },
  {
    ...one, path: '/api/desk/staff/assignments/{id}/end', id: 'endAssignment', summary: 'Ends an assignment after a last day, or at once; by the chief',
    body: endAssignmentSchema, answers: [done], errors: ['assignment_overlap', 'invalid_input'],
  },
]
