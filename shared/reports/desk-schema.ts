import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { cursorSchema } from '../forms/list-place.ts'
import { deskRevisitSchema, deskSuggestionSchema, ladderStepSchema } from '../revisits/revisit-schema.ts'
import { takenSchema } from './intake-schema.ts'
import { parseReference } from './receipt.ts'
import { contactModes, contactSchema, locales, locationSchema, answersSchema, messageSchema, textLimits } from './report-schema.ts'
import { choosableReasons, closedReasons, statuses } from './status.ts'

/* What goes in and out of `/api/desk/reports…`. The desk's pages parse the answers with these, and OpenAPI is made from them. */

const instant = z.string().meta({ format: 'date-time' })
const required = 'required'

/** `GET /api/desk/reports`: which part of the inbox; `every` is all of it, for whoever reviews the desk. */
export const inboxViews = ['inbox', 'triage', 'unverified', 'hidden', 'every'] as const

const flag = z.enum(['1', 'true', '0', 'false'], 'choose').transform(text => text === '1' || text === 'true')
const list = z.union([z.string(), z.array(z.string())]).transform(value => [value].flat().flatMap(part => part.split(',')).filter(Boolean))

export const inboxQuerySchema = z.object({
  view: z.enum(inboxViews, 'choose').default('inbox'),
  status: list.pipe(z.array(z.enum(statuses, 'choose'))).optional(),
  category: z.string().max(60).optional(),
  community: z.uuid('invalid').optional(),
  grid: z.uuid('invalid').optional(),
  assigned: z.union([z.enum(['me', 'none']), z.uuid()], 'invalid').optional(),
  urgent: flag.optional(),
  overdue: flag.optional(),
  /** Days in the station's time zone; both count in. */
  from: z.iso.date('date').optional(),
  to: z.iso.date('date').optional(),
  q: z.string().trim().max(100, 'textMax').optional(),
  cursor: cursorSchema('received_at').optional(),
  limit: z.coerce.number('number').int('number').min(1).max(100).default(20),
})
export type InboxQuery = z.infer<typeof inboxQuerySchema>

export const clockSchema = z.object({
  kind: z.enum(['first_look', 'answer']), dueAt: instant, doneAt: instant.nullable(), state: z.enum(['running', 'overdue', 'done', 'stopped']),
})

/** One row of the inbox: no texts of residents, so a list is no opening (RULES B3). */
export const inboxItemSchema = z.object({
  reference: z.string(), category: z.string(), communityId: z.uuid().nullable(), gridId: z.uuid().nullable(),
  status: z.enum(statuses), closedReason: z.enum(closedReasons).nullable(), urgency: z.enum(['normal', 'urgent']),
  receivedAt: instant, updatedAt: instant, firstViewedAt: instant.nullable(), acceptedAt: instant.nullable(), closedAt: instant.nullable(),
  contactMode: z.enum(contactModes), locale: z.enum(locales), isUnverified: z.boolean(), isHidden: z.boolean(), emergencyKind: z.string().nullable(),
  assignedTo: z.uuid().nullable(), assignee: localisedSchema.nullable(), summary: z.string().nullable(), channel: z.string(), clock: z.array(clockSchema),
})
export type InboxItem = z.infer<typeof inboxItemSchema>

export const inboxPageSchema = z.object({ now: instant, timeZone: z.string(), reports: z.array(inboxItemSchema), nextCursor: z.string().nullable() })
export type InboxPage = z.infer<typeof inboxPageSchema>

const deskFileSchema = z.object({
  id: z.uuid(), at: instant, author: z.enum(['reporter', 'staff']), messageId: z.uuid().nullable(), type: z.string(), size: z.number(), sha256: z.string(), hasView: z.boolean(), hasOriginal: z.boolean(),
})

export const deskReportSchema = z.object({
  now: instant, timeZone: z.string(), canChange: z.boolean(),
  report: inboxItemSchema.omit({ assignee: true, clock: true }).extend({
    version: z.number(), occurredAt: instant.nullable(), hasAccount: z.boolean(), visibility: z.enum(['public', 'private']),
    mergedInto: z.string().nullable(), merged: z.array(z.string()), followers: z.number(), taken: takenSchema.nullable(),
  }),
  clock: z.array(clockSchema),
  content: z.object({
    description: z.string(), address: z.string().optional(), location: locationSchema.optional(), occurredText: z.string().optional(), answers: answersSchema, alert: z.string().optional(),
  }),
  about: z.object({ identifier: z.string(), headline: localisedSchema }).nullable().meta({ description: 'The alert that the report is about' }),
  /** Only of named reports; a sealed identity needs a reveal. */
  contact: contactSchema.omit({ mode: true }).extend({ accountEmail: z.string().optional() }).nullable(),
  timeline: z.array(z.object({
    at: instant, kind: z.string(), status: z.enum(statuses).nullable(), closedReason: z.enum(closedReasons).nullable(), role: z.string(), actor: localisedSchema.nullable(), text: z.string().nullable(),
  })),
  messages: z.array(z.object({ id: z.uuid(), at: instant, author: z.enum(['reporter', 'staff']), name: localisedSchema.nullable(), text: z.string(), readAt: instant.nullable() })),
  notes: z.array(z.object({ id: z.uuid(), at: instant, name: localisedSchema, text: z.string() })),
  attachments: z.array(deskFileSchema),
  /** The ladder, oldest step first, and what residents proposed on it. */
  revisits: z.array(deskRevisitSchema),
  suggestions: z.array(deskSuggestionSchema),
})
export type DeskReport = z.infer<typeof deskReportSchema>

/** A path of one report, as it may be typed. */
export const referencePathSchema = z.object({ reference: z.string().max(40).transform((text, context) => {
  const reference = parseReference(text)
  if (reference) return reference
  context.addIssue({ code: 'custom', message: 'invalid' })
  return z.NEVER
}) })

/** `GET /api/desk/attachments/{id}` */
export const attachmentPathSchema = z.object({ id: z.uuid() })

const publicText = z.string().trim().min(1, required).max(textLimits.message, 'textMax')
const note = z.preprocess(value => value === '' ? undefined : value, z.string().trim().max(textLimits.message, 'textMax').optional())

/** Accept: without a sentence, the template of the category in the reporter's language is sent. */
export const acceptSchema = z.object({ publicText: publicText.optional(), note })
export type AcceptInput = z.infer<typeof acceptSchema>

export const changeStatusSchema = z.object({
  status: z.enum(statuses, 'choose'),
  /** The state the officer saw; another one by now is a conflict. Without it the present one counts. */
  fromStatus: z.enum(statuses, 'choose').optional(),
  closedReason: z.preprocess(value => value === '' ? undefined : value, z.enum(choosableReasons, 'choose').optional()),
  publicText: publicText.optional(),
  note,
})
export type ChangeStatusInput = z.infer<typeof changeStatusSchema>

export const assignSchema = z.object({ assignee: z.union([z.literal('me'), z.uuid(), z.null()], 'choose') })
export const mergeSchema = z.object({ into: z.string({ error: required }).max(40).transform((text, context) => {
  const reference = parseReference(text)
  if (reference) return reference
  context.addIssue({ code: 'custom', message: 'invalid' })
  return z.NEVER
}) })
/** `id`: a random UUID of the sender, so that a repeated send adds nothing. */
export const staffMessageSchema = messageSchema.extend({ id: z.uuid('invalid').optional() })
export const noteSchema = messageSchema
export const summarySchema = z.object({ summary: z.string({ error: required }).trim().max(textLimits.summary, 'textMax') })
export const banSchema = z.object({ reason: z.string({ error: required }).trim().min(3, 'textMin').max(500, 'textMax') })

/** What a change of state did to the ladder: its steps, oldest first, without anybody's words. */
const ladderSchema = z.object({ revisits: z.array(ladderStepSchema) })
export const statusAnswerSchema = ladderSchema.extend({ status: z.enum(statuses), version: z.number() })
export const unmergeAnswerSchema = ladderSchema
export const assignAnswerSchema = z.object({ assignedTo: z.uuid().nullable(), assignee: localisedSchema.nullable() })
export const messageAnswerSchema = z.object({ id: z.uuid(), at: instant })
/** `POST …/attachments`: the letter and its file. */
export const fileAnswerSchema = messageAnswerSchema.extend({ attachment: deskFileSchema })
export const noteAnswerSchema = z.object({ at: instant })
export const mergeAnswerSchema = z.object({ into: z.string() })
