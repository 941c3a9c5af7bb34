import { z } from 'zod'
import { reasonSchema } from './patrol-schema.ts'

/* The planner and the review of patrols, and how routes and series are changed at the desk. */

const instant = z.string().meta({ format: 'date-time' })
const day = z.iso.date('date')
const count = z.int().min(0)
const rate = z.number().min(0)
const text = z.string('required').trim().min(1, 'required').max(80, 'textMax')
const name = z.object({ zh: text, en: text })

export const planQuerySchema = z.object({ week: day.optional().meta({ description: 'Any day of it; without one, the coming week.' }) })

const proposalSchema = z.object({
  gridId: z.uuid(), communityId: z.uuid(), weekday: z.int().min(1).max(7), from: z.string().meta({ description: '`HH:00` on the wall of the station.' }), to: z.string().meta({ description: 'Midnight at the end is `24:00`.' }),
  startsAt: instant, endsAt: instant, state: z.enum(['open', 'covered', 'unstaffed']).meta({ description: '`covered`: a shift stands there already. `unstaffed`: fewer than two have time.' }),
  strength: z.enum(['clear', 'hint']).meta({ description: '`hint`: it may be chance.' }),
  byWeek: z.array(count), count, rate, low: rate, high: rate, weeksSeen: count, timesMean: rate, coveredMinutes: count, available: count.meta({ description: 'Active patrollers who have time then.' }),
})
export type PlannedProposal = z.infer<typeof proposalSchema>

/** What of a week the reports speak for, and what is planned already. */
export const patrolPlanSchema = z.object({
  now: instant, timeZone: z.string(), monday: day, from: day, until: day.meta({ description: 'The last of the 28 days of reports.' }),
  shifts: count.meta({ description: 'Shifts that stand in this week.' }),
  coverage: z.number().min(0).max(1).nullable().meta({ description: 'How much of what the reports speak of lies where and when a shift stands. Null without reports.' }),
  proposals: z.array(proposalSchema),
})
export type PatrolPlan = z.infer<typeof patrolPlanSchema>

export const reviewQuerySchema = z.object({ from: day, until: day })
const figuresSchema = z.object({
  planned: count, held: count, calledOffFew: count.meta({ description: 'Fewer than two had signed up.' }), calledOff: count, notHeld: count.meta({ description: 'Nobody was checked in.' }),
  people: count, attendances: count, missed: count, minutes: count, nightMinutes: count, findings: count.meta({ description: 'Reports that came from patrols.' }), findingsClosed: count,
})
export type ReviewFigures = z.infer<typeof figuresSchema>

/** Figures of some days, and a draft in both languages that a lead goes on writing. */
export const patrolReviewSchema = z.object({
  from: day, until: day, figures: figuresSchema,
  coverage: z.number().min(0).max(1).nullable().meta({ description: 'The mean of the whole weeks in it.' }), drafts: z.object({ zh: z.string(), en: z.string() }),
})
export type PatrolReview = z.infer<typeof patrolReviewSchema>

/** A checkpoint with its id stays as it is on its poster; without one it is new. */
export const changeRouteSchema = z.object({ name, checkpoints: z.array(z.object({ id: z.uuid().optional(), grid: z.uuid(), name })).max(50) })
export type RouteChange = z.infer<typeof changeRouteSchema>
export const retiredRouteSchema = z.object({ id: z.uuid() })
export const exceptDaySchema = reasonSchema.extend({ day })
export const exceptedDayPathSchema = z.object({ id: z.uuid(), day })
export const restoredDaySchema = z.object({ added: z.number().meta({ description: '0: the job writes it when its turn comes.' }) })
