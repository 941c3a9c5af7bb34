import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { cursorSchema } from '../forms/list-place.ts'
import { emergencyCardSchema } from '../reports/emergency-card.ts'
import { contactModes, locales, messageSchema } from '../reports/report-schema.ts'
import { parseReference } from '../reports/receipt.ts'
import { revisitAnswers, revisitLevels } from './ladder.ts'

/* What goes in and out of the calls about revisits, at the desk and for the reporter. */

const instant = z.string().meta({ format: 'date-time' })

/** At the door, by phone, at the station, by letter, or by a message on the tracking page (anonymous and sealed reports). */
export const revisitMethods = ['visit', 'phone', 'station', 'letter', 'portal'] as const
export type RevisitMethod = typeof revisitMethods[number]

/** The ways to go back to somebody: whoever gave no open contact comes to the station or is written to on the tracking page (RULES D3; `record_revisit` keeps it). */
export const methodsFor = (isReachable: boolean): readonly RevisitMethod[] => isReachable ? revisitMethods : revisitMethods.filter(method => method === 'portal' || method === 'station')

/** What a visit asks about (PRODUCT §2), and how it was found. */
export const revisitTopics = ['reception', 'manner', 'discipline', 'scene_work', 'checks', 'leads', 'prevention'] as const

export const topicMarks = ['good', 'fair', 'poor', 'not_raised'] as const
export const topicsSchema = z.partialRecord(z.enum(revisitTopics, 'choose'), z.enum(topicMarks, 'choose'))

/** Who was met, as far as the record says. */
export const metWho = ['reporter', 'family', 'other', 'nobody'] as const

/** Who can have been met: a letter or a message meets nobody; whoever went or called and met nobody has not visited, and the clock goes on. */
export const metBy = (method: RevisitMethod | undefined): readonly (typeof metWho)[number][] =>
  method === 'letter' || method === 'portal' ? metWho : metWho.filter(who => who !== 'nobody')

/** What is sealed of a visit. */
export const visitRecordSchema = z.object({ met: z.enum(metWho, 'choose'), note: z.string().trim().max(5000, 'textMax').default(''), measures: z.string().trim().max(5000, 'textMax').default('') })
export type VisitRecord = z.infer<typeof visitRecordSchema>

export const suggestionInputSchema = z.object({ text: messageSchema.shape.text, owner: z.uuid('invalid').optional(), dueOn: z.iso.date('date') })

/** `POST /api/desk/reports/{reference}/revisits/{id}/record` */
export const recordVisitSchema = visitRecordSchema.extend({
  method: z.enum(revisitMethods, 'choose'),
  topics: topicsSchema.default({}),
  suggestions: z.array(suggestionInputSchema).max(10, 'countMax').default([]),
  /** What the reporter said at the door: provisional, they can overturn it. */
  answer: z.enum(['satisfied', 'unsatisfied'], 'choose').optional(),
  comment: z.string().trim().max(2000, 'textMax').optional(),
  /** A visit by the tracking page is this letter: it goes into the thread with the record. */
  letter: messageSchema.shape.text.optional(),
}).refine(({ method, letter }) => method !== 'portal' || letter, { path: ['letter'], message: 'required' })
  .refine(({ method, letter }) => method === 'portal' || !letter, { path: ['letter'], message: 'revisits.errors.letterByPage' })
  .refine(({ met, method }) => metBy(method).includes(met), { path: ['met'], message: 'revisits.errors.nobodyMet' })
  .refine(({ met, answer }) => !answer || met === 'reporter', { path: ['answer'], message: 'revisits.errors.onlyTheReporter' })
export type RecordVisitInput = z.infer<typeof recordVisitSchema>

/** What the reporter says with an answer. */
export const longestComment = 2000

/** `POST /api/reports/{reference}/revisits/{id}/answer` */
export const answerRevisitSchema = z.object({ answer: z.enum(revisitAnswers, 'choose'), comment: z.string().trim().max(longestComment, 'textMax').optional() })
export type AnswerRevisitInput = z.infer<typeof answerRevisitSchema>
/** A step as the desk reads it, with its words opened. */
export const deskRevisitSchema = z.object({
  id: z.uuid(), round: z.number(), step: z.number(), level: z.enum(revisitLevels), openedAt: instant, dueAt: instant, mayVisit: z.boolean(), visitedAt: instant.nullable(), visitor: localisedSchema.nullable(),
  method: z.enum(revisitMethods).nullable(), topics: topicsSchema.nullable(), record: visitRecordSchema.nullable(), informedAt: instant.nullable(), remindedAt: instant.nullable(), noReplyAt: instant.nullable(),
  answer: z.enum(revisitAnswers).nullable(), answeredAt: instant.nullable(), answeredBy: z.enum(['resident', 'staff']).nullable(),
  /** What staff wrote down at the door; another `answer` of the resident beside it overturned it. */
  recordedAnswer: z.enum(revisitAnswers).nullable(), comment: z.string().nullable(), askedAgainAt: instant.nullable(), stoppedAt: instant.nullable(),
})
export type DeskRevisit = z.infer<typeof deskRevisitSchema>

/** What a change of the report's state can change of a step, or all there is to a step that it opened. */
export const ladderStepSchema = deskRevisitSchema.pick({ id: true, round: true, step: true, level: true, openedAt: true, dueAt: true, mayVisit: true, stoppedAt: true })
export type LadderStep = z.infer<typeof ladderStepSchema>

export const deskSuggestionSchema = z.object({
  id: z.uuid(), at: instant, text: z.string(), owner: localisedSchema, dueOn: z.iso.date(), outcome: z.string().nullable(), doneAt: instant.nullable(), doneBy: localisedSchema.nullable(), maySettle: z.boolean(),
})

/** What a recorded visit changed: ids of the suggestions by their position, and the step it opened. */
export const recordedSchema = z.object({
  level: z.enum(revisitLevels), answer: z.enum(revisitAnswers).nullable(), visitedAt: instant, suggestions: z.array(z.object({ id: z.uuid(), owner: z.uuid(), position: z.number() })),
  next: deskRevisitSchema.pick({ id: true, step: true, level: true, openedAt: true, dueAt: true, mayVisit: true }).nullable(),
  /** The letter of a visit by the tracking page. */
  letterId: z.uuid().nullable(),
})
export const settledSchema = z.object({ doneAt: instant })
export const answeredSchema = z.object({ answer: z.enum(revisitAnswers), nextLevel: z.enum(revisitLevels).nullable(), emergency: emergencyCardSchema.optional() })

export const revisitPathSchema = z.object({ reference: z.string().transform(text => parseReference(text) ?? 'LL-0000-0000'), id: z.uuid() })

/** `POST /api/desk/reports/{reference}/suggestions/{id}/outcome` */
export const outcomeSchema = z.object({ text: messageSchema.shape.text })

/**
 * `GET /api/desk/revisits`. Visits that are owed: by the caller, by everybody in their sight, or climbed to their level (also those one
 * level below that are late; for the auditor those of the station leaders, whatever they are about); then answers that are awaited, and silence after the reminder.
 */
export const revisitViews = ['mine', 'climbed', 'team', 'answer', 'silent'] as const
export type RevisitView = typeof revisitViews[number]
export const revisitListQuerySchema = z.object({ waiting: z.enum(revisitViews, 'choose').default('team'), cursor: cursorSchema('opened_at').optional(), limit: z.coerce.number('number').int('number').min(1).max(100).default(20) })
export type RevisitListQuery = z.infer<typeof revisitListQuerySchema>

/** A row of the worklist. Where the report may not be opened, it says no more than reference, community, level and times. */
export const revisitItemSchema = z.object({
  id: z.uuid(), step: z.number(), level: z.enum(revisitLevels), openedAt: instant, dueAt: instant, isOverdue: z.boolean(), informedAt: instant.nullable(), mayVisit: z.boolean(), mayOpen: z.boolean(), visitedAt: instant.nullable(), remindedAt: instant.nullable(), noReplyAt: instant.nullable(),
  reference: z.string(), category: z.string().nullable(), communityId: z.uuid().nullable(), contactMode: z.enum(contactModes).nullable(), isPortalOnly: z.boolean().nullable(), urgency: z.enum(['normal', 'urgent']).nullable(), locale: z.enum(locales).nullable(),
  assignee: localisedSchema.nullable(),
})
export type RevisitItem = z.infer<typeof revisitItemSchema>
export const revisitListSchema = z.object({ now: instant, timeZone: z.string(), revisits: z.array(revisitItemSchema), nextCursor: z.string().nullable() })
