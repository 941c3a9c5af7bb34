import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'

/* The monthly rating of community officers: what is asked, and what a rating may say. Grades are 1 to 5, null is "cannot say". */

const instant = z.string().meta({ format: 'date-time' })
export const gradeNames = ['familiar', 'satisfied', 'prompt', 'polite', 'effective'] as const
export type GradeName = (typeof gradeNames)[number]
export const commentLimit = 1000

const grade = z.number('choose').int().min(1).max(5).nullable().default(null)
export const ratingAnswersSchema = z.object({
  knows: z.boolean('choose'), familiar: grade, satisfied: grade, prompt: grade, polite: grade, effective: grade,
  comment: z.string().trim().max(commentLimit, 'textMax').default(''),
}).refine(({ knows, ...answers }) => knows || gradeNames.every(name => answers[name] === null), { path: ['knows'], error: 'invalid' })
export type RatingAnswers = z.output<typeof ratingAnswersSchema>

const base64url = (most: number) => z.string().regex(/^[A-Za-z0-9_-]+$/, 'invalid').max(most)
export const drawSchema = z.object({ key: z.uuid(), blinded: base64url(700) })
/** Of 192 bits, in the address of a link from a messenger. */
export const drawQuerySchema = z.object({ pass: z.string().regex(/^[A-Za-z0-9_-]{32}$/, 'invalid').optional().meta({ description: 'Of a link that the bot sent, instead of a session' }) })
export const drawnSchema = z.object({ blindSignature: z.string() })
export const ballotSchema = z.object({ key: z.uuid(), message: base64url(200), signature: base64url(700) })

/** With a ballot it counts; without one it is open, shown apart, and says whom it is about. */
export const giveRatingSchema = z.object({ ballot: ballotSchema.optional(), subject: z.uuid().optional().meta({ description: 'Without a ballot: whom it is about' }), answers: ratingAnswersSchema })
  .refine(({ ballot, subject }) => (ballot === undefined) !== (subject === undefined), { path: ['subject'], error: 'choose' })
export type GiveRating = z.output<typeof giveRatingSchema>
export const givenRatingSchema = z.object({ counted: z.enum(['ballot', 'open']) })

export const openRatingsSchema = z.object({
  now: instant,
  rounds: z.array(z.object({
    month: z.iso.date(), closesAt: instant,
    subjects: z.array(z.object({
      id: z.uuid(), community: z.string(), officer: z.object({ name: localisedSchema, badgeNumber: z.string() }).nullable(),
      /** The key of its ballots; null for the moment in which it is made. */
      key: z.object({ id: z.uuid(), spki: z.string() }).nullable(),
    })),
  })),
})
export type OpenRatings = z.infer<typeof openRatingsSchema>
