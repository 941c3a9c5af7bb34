import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'

/* What is kept how long: the desk's page and the privacy page. */

/** `term`: a span; `category`: each kind of matter has its own; `owner`: until the account is erased; `never`: no end. */
export const retentionEnds = ['term', 'category', 'owner', 'never'] as const

export const retentionRuleSchema = z.object({
  kind: z.string(), job: z.string().nullable(), ends: z.enum(retentionEnds), keepSeconds: z.number().nullable(),
  /** Bounds in days between which the station may choose; null where the term lies in the code. */
  leastDays: z.number().nullable(), mostDays: z.number().nullable(),
  name: localisedSchema, happens: localisedSchema, ground: localisedSchema,
})
export type RetentionRule = z.infer<typeof retentionRuleSchema>

const counts = z.record(z.string(), z.number())

/** Why a report whose time is over stays all the same. */
export const holdKinds = ['hold', 'reveal', 'revisit', 'merged'] as const

export const retentionPageSchema = z.object({
  mayChange: z.boolean(), rules: z.array(retentionRuleSchema),
  categories: z.array(z.object({ code: z.string(), name: localisedSchema, days: z.number() })),
  next: z.object({ byCategory: counts, held: counts, byKind: counts }),
  jobs: z.array(z.object({ name: z.string(), startedAt: z.string(), finishedAt: z.string().nullable(), did: counts, failedWith: z.string().nullable() })),
  runs: z.array(z.object({ at: z.string(), did: counts })),
  holds: z.array(z.object({ reference: z.string(), reason: z.string(), placedAt: z.string(), placedBy: localisedSchema.nullable() })),
})
export type RetentionPage = z.infer<typeof retentionPageSchema>

export const reportTermBounds = { leastDays: 30, mostDays: 3650 } as const

export const retentionTermSchema = z.object({ days: z.number() })

/** A new term: of a kind of matter, or of a rule that has bounds. */
export const retentionChangeSchema = z.union([
  z.strictObject({ category: z.string().min(1).max(60), days: z.number().int('number').min(reportTermBounds.leastDays).max(reportTermBounds.mostDays) }),
  z.strictObject({ kind: z.string().min(1).max(60), days: z.number().int('number').min(1).max(3650) }),
])
export type RetentionChange = z.infer<typeof retentionChangeSchema>

export const holdSchema = z.object({ reference: z.string().trim().min(1).max(20), reason: z.string().trim().min(1).max(500) })

/** A span as its largest whole unit. */
export function termOf(seconds: number): { unit: 'minutes' | 'hours' | 'days' | 'years', count: number } {
  const units = [['years', 365 * 86_400], ['days', 86_400], ['hours', 3600], ['minutes', 60]] as const
  const [unit, size] = units.find(([unit, size]) => seconds % size === 0 && seconds >= size && !(unit === 'days' && seconds === 86_400)) ?? ['minutes', 60]
  return { unit, count: seconds / size }
}
