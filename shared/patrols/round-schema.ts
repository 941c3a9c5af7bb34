import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { localeCodes } from '../locales.ts'
import { idempotencyKeySchema, textLimits } from '../reports/report-schema.ts'
import { shiftStates } from './patrol-words.ts'

/* A patrol on its way: the checklist before it, the checkpoints on it, the report after it. */

const instant = z.string().meta({ format: 'date-time' })

export const routeWalkedWords = ['yes', 'partly', 'no'] as const
export const mostFindings = 10
const summaryLimit = 2_000

const overdueSchema = z.object({ leadToldAt: instant, stationToldAt: instant.nullable() })
const checklistItemSchema = z.object({
  code: z.string(), name: localisedSchema,
  /** One's own answer; null: none yet. */
  mine: z.boolean().nullable(),
  /** How many of those who checked in said yes. */
  met: z.number(),
})
const roundFactsSchema = z.object({
  state: z.enum(shiftStates),
  /** How many have checked in. */
  present: z.number(),
  checklist: z.array(checklistItemSchema),
  checkpoints: z.array(z.object({ id: z.uuid(), name: localisedSchema, visitedAt: instant.nullable() })),
  report: z.object({ filedAt: instant, routeWalked: z.enum(routeWalkedWords), findings: z.number() }).nullable(),
  overdue: overdueSchema.nullable(),
})
export const roundSchema = roundFactsSchema.extend({ mayAnswer: z.boolean(), mayReport: z.boolean() })
export type Round = z.infer<typeof roundSchema>

/** Item of the checklist → yes or no. */
export const checklistAnswersSchema = z.object({ answers: z.record(z.string().max(60), z.boolean()) })

/** What the poster at a checkpoint says. */
export const checkpointPathSchema = z.object({ code: z.string().trim().toUpperCase().regex(/^[0-9A-HJKMNP-TV-Z]{24}$/) })
export const visitSchema = z.object({
  name: localisedSchema, visitedAt: instant,
  /** Whether this was a new visit; within ten minutes it is the same one. */
  isNew: z.boolean(),
})
export type Visit = z.infer<typeof visitSchema>

export const findingSchema = z.object({
  category: z.string({ error: 'required' }).min(1, 'required').max(60), text: z.string({ error: 'required' }).trim().min(1, 'required').max(textLimits.description, 'textMax'),
  grid: z.string().max(60).optional().meta({ description: 'Id or code of a grid of the patrol\'s community; any other is left out' }),
})
export const newPatrolReportSchema = z.object({
  idempotencyKey: idempotencyKeySchema, locale: z.enum(localeCodes), routeWalked: z.enum(routeWalkedWords, 'choose'), summary: z.string().trim().max(summaryLimit, 'textMax').default(''),
  findings: z.array(findingSchema).max(mostFindings).default([]),
})
export type NewPatrolReport = z.infer<typeof newPatrolReportSchema>
export const filedPatrolReportSchema = z.object({
  /** Of each finding, in the order they were sent: what opens the report it became. */
  findings: z.array(z.object({ reference: z.string(), receipt: z.string() })),
})
export type FiledPatrolReport = z.infer<typeof filedPatrolReportSchema>

export const deskRoundSchema = roundFactsSchema.extend({ summary: z.string().nullable(), findings: z.array(z.object({ position: z.number(), reference: z.string() })) })
export type DeskRound = z.infer<typeof deskRoundSchema>
export const overduePatrolsSchema = z.object({ patrols: z.array(overdueSchema.extend({ shift: z.uuid(), community: z.string(), endsAt: instant, out: z.number() })) })
export type OverduePatrols = z.infer<typeof overduePatrolsSchema>

export const issuePostersSchema = z.object({ renew: z.uuid().optional().meta({ description: 'A checkpoint whose old poster is worth nothing any more' }) })
export const postersSchema = z.object({
  route: z.object({ id: z.uuid(), name: localisedSchema, community: localisedSchema }),
  posters: z.array(z.object({ checkpoint: z.uuid(), position: z.number(), name: localisedSchema, address: z.string(), issuedAt: instant, qr: z.object({ size: z.number(), path: z.string() }) })),
})
export type Posters = z.infer<typeof postersSchema>
