import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { emergencyCardSchema } from './emergency-card.ts'
import { instantOf } from './wall-time.ts'
import { idempotencyKeySchema, locales, reportInputSchema, textLimits } from './report-schema.ts'

/* Staff take a report in for somebody at the counter or on the phone, and look one up for whoever shows a receipt. */

const instant = z.string().meta({ format: 'date-time' })

export const intakes = ['counter', 'phone'] as const
export type Intake = typeof intakes[number]

/** Who took it in: shown to its reporter. */
export const takenSchema = z.strictObject({ way: z.enum(intakes), at: instant, name: localisedSchema, badgeNumber: z.string() })
export type Taken = z.infer<typeof takenSchema>

/** What is sent at the end: a report as anybody files it, and how it came. */
export const createIntakeSchema = reportInputSchema.extend({ way: z.enum(intakes, 'choose'), idempotencyKey: idempotencyKeySchema })
export type CreateIntake = z.infer<typeof createIntakeSchema>

const typed = (max: number) => z.string().max(max, 'textMax')

/** The form while it is typed: kept sealed on the server for two hours, so that a reload costs nothing. Unchecked but for its size. */
export const intakeDraftSchema = z.strictObject({
  way: z.enum(intakes), idempotencyKey: idempotencyKeySchema, locale: z.enum(locales), category: typed(60), community: typed(60), grid: typed(60), address: typed(textLimits.address),
  on: typed(10), at: typed(5), occurredText: typed(textLimits.answer), description: typed(textLimits.description),
  answers: z.record(z.string().max(60), z.union([typed(textLimits.answer), z.array(z.string().max(100)).max(30)])),
  mode: z.enum(['', 'anonymous', 'sealed', 'named']), name: typed(textLimits.name), phone: typed(40), email: typed(254), safeContact: typed(textLimits.answer), isPortalOnly: z.boolean(),
})
export type IntakeDraft = z.infer<typeof intakeDraftSchema>

/** Keeping what is typed answers with the call card when it sounds like a danger. */
export const keptDraftSchema = z.object({ emergency: emergencyCardSchema.nullable() })

/** The paper for whoever stands at the counter; shown until it was handed over, ten minutes at most. */
export const intakeReceiptSchema = z.object({
  reference: z.string(), receipt: z.string(), at: instant, way: z.enum(intakes), takenBy: z.object({ name: localisedSchema, badgeNumber: z.string() }),
  urgency: z.enum(['normal', 'urgent']), isNobodyOnDuty: z.boolean(), timeZone: z.string(), trackUrl: z.string(), locale: z.enum(locales), firstLookBy: instant, answerBy: instant,
  qr: z.object({ size: z.number(), path: z.string() }),
  /** What stands on the paper, in the language of whoever takes it home. */
  words: z.record(z.string(), z.string()),
})
export type IntakeReceipt = z.infer<typeof intakeReceiptSchema>

/** What the page finds when it is opened or loaded again. */
export const intakeStateSchema = z.object({ draft: intakeDraftSchema.nullable(), emergency: emergencyCardSchema.nullable(), receipt: intakeReceiptSchema.nullable() })

/** Reference and receipt as they stand on the paper: never in an address (RULES C2). */
export const lookUpSchema = z.strictObject({ reference: z.string({ error: 'required' }).trim().min(1, 'required').max(40), receipt: z.string({ error: 'required' }).trim().min(1, 'required').max(80) })

/** Where nothing has been typed yet. */
export const emptyIntake = (locale: IntakeDraft['locale'], idempotencyKey: string): IntakeDraft => ({
  way: 'counter', idempotencyKey, locale, category: '', community: '', grid: '', address: '', on: '', at: '', occurredText: '', description: '', answers: {},
  mode: '', name: '', phone: '', email: '', safeContact: '', isPortalOnly: false,
})

/** The report that a filled form makes; what is missing is for the server to say. @param timeZone of the station, by whose clock day and hour were typed */
export function intakeOf(draft: IntakeDraft, timeZone: string): Record<string, unknown> {
  const { mode, name, phone, email, safeContact, isPortalOnly, on, at, ...rest } = draft
  const occurredAt = on ? instantOf(on, at || undefined, timeZone) : undefined
  return {
    ...rest, ...(occurredAt && { occurredAt }),
    contact: mode === 'anonymous' ? { mode } : { mode, name, phone, email, safeContact, ...((isPortalOnly || safeContact) && { portalOnly: isPortalOnly }) },
  }
}
