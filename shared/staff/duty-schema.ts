import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { handlingRoles, staffRoles } from './desk-schema.ts'

/* The duty roster: who is on duty when, handing over, and whom a report called. */

const instant = z.string().meta({ format: 'date-time' })

/** Whom a report that nobody opens is told to, in their order. */
export const callLevels = ['officer', 'lead', 'chief'] as const

export const dutyShiftSchema = z.object({
  id: z.uuid(), staffId: z.uuid(), name: localisedSchema, role: z.enum(staffRoles), startsAt: instant, endsAt: instant, takenOverAt: instant.nullable(),
  /** What the one going off leaves to the one coming on; null for whoever handles no reports. */
  note: z.string().nullable(), notedAt: instant.nullable(),
})
export type DutyShift = z.infer<typeof dutyShiftSchema>

/** The top of the desk: who is on duty now. */
export const dutyNowSchema = z.object({
  now: instant, isMe: z.boolean(),
  /** Reports without a community, 100 at most; null for whoever does not see them. */
  triage: z.number().nullable(),
  people: z.array(z.object({ staffId: z.uuid(), name: localisedSchema, role: z.enum(handlingRoles), until: instant.nullable() })),
  next: z.object({ name: localisedSchema, startsAt: instant }).nullable(),
  /** My turn: it runs, begins within half an hour, or is just over. */
  mine: dutyShiftSchema.nullable(),
  /** The note that was left for it. */
  handedOver: dutyShiftSchema.nullable(),
})
export type DutyNow = z.infer<typeof dutyNowSchema>

export const dutyCallSchema = z.object({
  reference: z.string(), category: z.string(), urgency: z.enum(['normal', 'urgent']), receivedAt: instant,
  told: z.array(z.object({ level: z.enum(callLevels), at: instant, people: z.number() })),
  opened: z.object({ at: instant, name: localisedSchema.nullable(), role: z.string() }).nullable(),
})
export type DutyCall = z.infer<typeof dutyCallSchema>

/** A week of the roster. */
export const dutyWeekSchema = z.object({
  now: instant, timeZone: z.string(), week: z.iso.date(), from: instant, to: instant, mayPlan: z.boolean(), shifts: z.array(dutyShiftSchema), calls: z.array(dutyCallSchema),
})
export type DutyWeek = z.infer<typeof dutyWeekSchema>

/** Any day of the wanted week; today's without one. */
export const dutyWeekQuerySchema = z.object({ week: z.preprocess(value => value === '' ? undefined : value, z.iso.date('date').optional()) })

/** Times of the clock on the station's wall; one that ends before it begins ends on the next day. */
export const addShiftSchema = z.strictObject({
  staffId: z.uuid('choose'), day: z.iso.date('date'), from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'time'), to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'time'),
})

export const repeatWeekSchema = z.strictObject({ week: z.iso.date('date'), times: z.int('number').min(1).max(12) })
export const repeatedWeekSchema = z.object({ added: z.number(), skipped: z.number() })

/** Short: what the next one must know. Empty takes it away. */
export const dutyNoteSchema = z.strictObject({ text: z.string().trim().max(1000, 'textMax') })
export const dutyShiftPathSchema = z.object({ id: z.uuid() })
