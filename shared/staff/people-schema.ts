import { z } from 'zod'
import { emailSchema } from '../accounts/account-schema.ts'
import { localisedSchema } from '../communities/reference-data.ts'
import { localeCodes } from '../locales.ts'
import { staffRoles } from './desk-schema.ts'

/* What goes in and out of the desk's calls about people: who works here, who is invited, what was proposed about whom. */

const instant = z.string().meta({ format: 'date-time' })

/** What an administrator proposes and a chief confirms (RULES A5). */
export const proposalKinds = ['invite', 'change_role', 'deactivate', 'reactivate', 'reset_second_factor'] as const
export type ProposalKind = typeof proposalKinds[number]
/** How a proposal ends: a chief confirms or refuses, the administrator takes it back. */
export const proposalDecisions = ['confirmed', 'refused', 'withdrawn'] as const
/** Or nobody decides it in time. */
export const proposalEndings = [...proposalDecisions, 'lapsed'] as const
export const assignmentKinds = ['officer', 'stand_in'] as const
export type AssignmentKind = typeof assignmentKinds[number]

/** Days of the station's own calendar, both inclusive; without `toOn` until further notice. */
export const assignmentSchema = z.object({ id: z.uuid(), communityId: z.uuid(), kind: z.enum(assignmentKinds), fromOn: z.iso.date(), toOn: z.iso.date().nullable() })
export type Assignment = z.infer<typeof assignmentSchema>

export const openWorkSchema = z.object({ reports: z.number(), revisits: z.number(), suggestions: z.number(), shifts: z.number() })

export const personSchema = z.object({
  id: z.uuid(), role: z.enum(staffRoles), name: localisedSchema, badgeNumber: z.string(), isActive: z.boolean(), since: instant,
  /** For chief and administrator. */
  email: z.string().nullable(),
  /** For the chief, of people at work. */
  work: openWorkSchema.nullable(),
  /** The last active chief, auditor or administrator stays. */
  isLastOfRole: z.boolean(),
  assignments: z.array(assignmentSchema),
})
export type Person = z.infer<typeof personSchema>

export const invitationSchema = z.object({
  id: z.uuid(), email: z.string(), role: z.enum(staffRoles), name: localisedSchema, badgeNumber: z.string(), sentAt: instant, expiresAt: instant, hasEnded: z.boolean(),
})
export type Invitation = z.infer<typeof invitationSchema>

export const proposalSchema = z.object({
  id: z.uuid(), kind: z.enum(proposalKinds), role: z.enum(staffRoles).nullable(), reason: z.string(), proposedAt: instant, proposedBy: localisedSchema,
  decision: z.enum(proposalEndings).nullable(), decidedAt: instant.nullable(), decidedBy: localisedSchema.nullable(),
  /** Whom it concerns: somebody of the staff, or nobody yet for an invitation. */
  subjectId: z.uuid().nullable(), name: localisedSchema, badgeNumber: z.string(), formerRole: z.enum(staffRoles).nullable(), email: z.string().nullable(),
  mayDecide: z.boolean(), mayWithdraw: z.boolean(),
})
export type Proposal = z.infer<typeof proposalSchema>

/** Days of a community that nobody looks after; without `toOn` until further notice. */
export const gapSchema = z.object({ fromOn: z.iso.date(), toOn: z.iso.date().nullable(), hasStandIn: z.boolean() })
export type Gap = z.infer<typeof gapSchema>

/** `GET /api/desk/staff/people` */
export const peopleSchema = z.object({
  me: z.uuid(), role: z.enum(staffRoles), today: z.iso.date(), people: z.array(personSchema), invitations: z.array(invitationSchema), proposals: z.array(proposalSchema),
  communities: z.array(z.object({ id: z.uuid(), name: localisedSchema, gaps: z.array(gapSchema) })),
})
export type People = z.infer<typeof peopleSchema>

const words = z.string({ error: 'required' }).trim().min(1, 'required').max(60, 'textMax')
const badgeNumber = z.string({ error: 'required' }).trim().min(1, 'required').max(30, 'textMax')
export const staffNameSchema = z.object({ zh: words, en: words })
const reason = z.string({ error: 'required' }).trim().min(2, 'textMin').max(500, 'textMax')
const role = z.enum(staffRoles, 'choose')
const staff = z.uuid('choose')

/** Who is to be invited. */
export const invitedSchema = z.object({ email: emailSchema, name: staffNameSchema, badgeNumber, locale: z.enum(localeCodes, 'choose') })

/** `POST /api/desk/staff/proposals` */
export const proposeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('invite'), reason, role, invite: invitedSchema }),
  z.object({ kind: z.literal('change_role'), reason, role, staff }),
  z.object({ kind: z.literal('deactivate'), reason, staff }),
  z.object({ kind: z.literal('reactivate'), reason, staff }),
  z.object({ kind: z.literal('reset_second_factor'), reason, staff }),
])
export type ProposeInput = z.infer<typeof proposeSchema>

/** `POST /api/desk/staff/proposals/{id}`. `successor`: who takes the work of somebody who leaves or will no longer read reports. */
export const decideSchema = z.object({ decision: z.enum(proposalDecisions, 'choose'), successor: z.uuid('choose').optional() })
export type DecideInput = z.infer<typeof decideSchema>

/** `POST /api/desk/staff/people/{id}/deactivate` */
export const deactivateSchema = z.object({ successor: z.uuid('choose').optional(), takesCommunities: z.boolean().default(false) })
export type DeactivateInput = z.infer<typeof deactivateSchema>
export const handedOverSchema = z.object({ reports: z.number(), suggestions: z.number(), shifts: z.number(), assignments: z.number() })
export type HandedOver = z.infer<typeof handedOverSchema>

/** `POST /api/desk/staff/people/{id}` */
export const correctSchema = z.object({ name: staffNameSchema, badgeNumber })
export type CorrectInput = z.infer<typeof correctSchema>

/** `POST /api/desk/staff/assignments` */
export const assignCommunitySchema = z.object({ staff, community: z.uuid('choose'), kind: z.enum(assignmentKinds, 'choose'), fromOn: z.iso.date('date'), toOn: z.iso.date('date').optional() })
  .refine(({ fromOn, toOn }) => toOn === undefined || toOn >= fromOn, { path: ['toOn'], message: 'date' })
export type AssignCommunityInput = z.infer<typeof assignCommunitySchema>
/** `POST /api/desk/staff/assignments/{id}/end`. Without a last day it ends at once. */
export const endAssignmentSchema = z.object({ lastOn: z.iso.date('date').optional() })

export const personPathSchema = z.object({ id: z.uuid() })
