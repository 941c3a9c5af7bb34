import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'

/* Hours, points and what a station gives, in the API. */

const instant = z.string().meta({ format: 'date-time' })
const moment = z.iso.datetime({ offset: true }).meta({ format: 'date-time' })
const clockHour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'time')
const note = z.string('required').trim().min(3, 'textMin').max(500, 'textMax')

export const correctionStates = ['asked', 'approved', 'refused'] as const
/** `why` and `note` are null two years after the decision. */
const correctionSchema = z.object({ id: z.uuid(), state: z.enum(correctionStates), from: instant, to: instant, why: z.string().nullable(), askedAt: instant, decidedAt: instant.nullable(), note: z.string().nullable() })
const ruleSchema = z.object({ code: z.string(), name: localisedSchema, unit: z.enum(['hour', 'each']), points: z.number() })
const nightSchema = z.object({ from: clockHour, to: clockHour, creditPercent: z.number() })

export const ownPointsSchema = z.object({
  now: instant, isVolunteer: z.boolean(), balance: z.number(),
  /** The newest first; `balance`: what there was after it. `patrolAt`: the beginning of the patrol that it is for. */
  lines: z.array(z.object({ id: z.uuid(), at: instant, kind: z.string(), rule: z.string().nullable(), points: z.number(), balance: z.number(), note: z.string().nullable(), patrolAt: instant.nullable() })),
  hours: z.array(z.object({
    place: z.uuid(), startsAt: instant, endsAt: instant, workedFrom: instant.nullable(), workedTo: instant.nullable(), minutes: z.number(), nightMinutes: z.number(), creditMinutes: z.number(),
    /** False: nobody checked out, so that nothing is counted yet. */
    isCounted: z.boolean(), mayAsk: z.boolean(), corrections: z.array(correctionSchema),
  })),
  totals: z.object({ minutes: z.number(), nightMinutes: z.number(), creditMinutes: z.number() }),
  honours: z.array(z.object({ code: z.string(), name: localisedSchema, hours: z.number(), givenAt: instant.nullable() })),
  /** Earned, and waiting for the budget of a month. */
  waiting: z.array(z.object({ rule: z.string(), points: z.number(), earnedAt: instant })),
  rules: z.array(ruleSchema), night: nightSchema,
})
export type OwnPoints = z.infer<typeof ownPointsSchema>

/** Within 14 days of the patrol, at most six hours beyond either end of it. */
export const askCorrectionSchema = z.object({ place: z.uuid(), from: moment, to: moment, why: note })
export const askedCorrectionSchema = z.object({ id: z.uuid() })

export const deskPointsSchema = z.object({
  now: instant, mayDecide: z.boolean(), maySet: z.boolean(), month: z.iso.date(), budget: z.number(), used: z.number(), waiting: z.object({ count: z.number(), points: z.number() }), rules: z.array(ruleSchema), night: nightSchema,
  months: z.array(z.object({ month: z.iso.date(), budget: z.number(), used: z.number() })),
  corrections: z.array(correctionSchema.extend({ volunteer: z.uuid(), isOwn: z.boolean(), community: z.string(), startsAt: instant, endsAt: instant, wasFrom: instant.nullable(), wasTo: instant.nullable() })),
})
export type DeskPoints = z.infer<typeof deskPointsSchema>
/** A reason is needed to refuse. */
export const decideCorrectionSchema = z.object({ approve: z.boolean(), note: note.optional() })
export const decidedCorrectionSchema = z.object({ state: z.enum(correctionStates) })
export const setPointsSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('budget'), points: z.number().int().min(0).max(1_000_000) }),
  z.object({ act: z.literal('rate'), rule: z.string().max(40), points: z.number().int().min(0).max(1000) }),
  z.object({ act: z.literal('night'), from: clockHour, to: clockHour, creditPercent: z.number().int().min(100).max(300) }),
])
export type SetPoints = z.infer<typeof setPointsSchema>
export const grantPointsSchema = z.discriminatedUnion('rule', [
  z.object({ rule: z.literal('training'), volunteer: z.uuid(), day: z.iso.date('date') }), z.object({ rule: z.literal('tip_helped'), reference: z.string().trim().toUpperCase().max(20) }),
])
export type GrantPoints = z.infer<typeof grantPointsSchema>
