import { z } from 'zod'
import { ballotSchema } from '../ratings/rating-schema.ts'
import { definitionSchema, type Answer, type Answers } from './definition.ts'

/* Surveys as everybody sees them, and an answer as it comes from outside. */

const instant = z.string().meta({ format: 'date-time' })
const localised = z.object({ zh: z.string(), en: z.string() })
export const surveyStates = ['planned', 'open', 'closed'] as const
/** By whom an answer counts: verified residents' ballots, or single-use links. */
export const surveyModes = ['ballot', 'invited'] as const

export const surveyPathSchema = z.object({ id: z.uuid() })
export const listedSurveySchema = z.object({
  id: z.uuid(), state: z.enum(surveyStates), mode: z.enum(surveyModes), isOpenToAll: z.boolean(), opensAt: instant, closesAt: instant, title: localised,
  communities: z.array(z.object({
    id: z.uuid(), slug: z.string(),
    /** The key of its ballots; null where answers go by link, and for the moment in which it is made. */
    key: z.object({ id: z.uuid(), spki: z.string() }).nullable(),
  })),
})
export type ListedSurvey = z.infer<typeof listedSurveySchema>
export const surveyListSchema = z.object({ now: instant, surveys: z.array(listedSurveySchema) })
export type SurveyList = z.infer<typeof surveyListSchema>
export const openSurveySchema = z.object({ now: instant, survey: listedSurveySchema.extend({ definition: definitionSchema }) })
export type OpenSurvey = z.infer<typeof openSurveySchema>['survey']

const answer: z.ZodType<Answer> = z.union([z.string().max(4000), z.number(), z.array(z.string().max(40)).max(20), z.record(z.string().max(40), z.string().max(40)), z.null()])
/** Of 130 bits, as it stands in the address of a link on paper: base32 in small letters. */
export const linkTokenSchema = z.string().regex(/^[a-z0-9]{26}$/, 'invalid')

/** With a ballot or the token of a link it counts; with neither it is open, shown apart, and may say of which community. */
export const answerSurveySchema = z.object({
  answers: z.record(z.string().max(40), answer).meta({ description: 'By the code of the question; `cannot_say` where it allows that, null passes over' }) satisfies z.ZodType<Answers>,
  ballot: ballotSchema.optional(), token: linkTokenSchema.optional().meta({ description: 'Of a single-use link' }), community: z.string().max(60).optional().meta({ description: 'Slug, of an open answer' }),
  partial: z.boolean().default(false).meta({ description: 'Somebody stopped before the end: what they did answer counts' }),
}).refine(({ ballot, token }) => !(ballot && token), { path: ['token'], error: 'invalid' })
export type AnswerSurvey = z.output<typeof answerSurveySchema>
export const answeredSurveySchema = z.object({ counted: z.enum(['ballot', 'invited', 'open']) })
