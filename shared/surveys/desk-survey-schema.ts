import { z } from 'zod'
import { definitionSchema } from './definition.ts'
import { surveyModes } from './survey-schema.ts'

/* Surveys at the desk: drafts, whom they ask and when, invitations, draws, and census figures to weigh by. */

const instant = z.string().meta({ format: 'date-time' })
const localised = z.object({ zh: z.string(), en: z.string() })
const day = z.iso.date('invalid')

export const deskSurveyRowSchema = z.object({
  id: z.uuid(), series: z.uuid(), state: z.enum(['draft', 'planned', 'open', 'closed']), revision: z.int(), mode: z.enum(surveyModes), isOpenToAll: z.boolean(), opensAt: instant.nullable(), closesAt: instant.nullable(), title: localised,
  communities: z.array(z.string()), writtenBy: localised, writtenAt: instant, approvedBy: localised.nullable(),
  answers: z.int().meta({ description: 'Rounded down to five' }),
  invitations: z.array(z.object({ community: z.string(), made: z.int(), used: z.int().meta({ description: 'Rounded down to five' }), isUntouched: z.boolean() })),
})
export type DeskSurveyRow = z.infer<typeof deskSurveyRowSchema>
export const deskSurveysSchema = z.object({ now: instant, surveys: z.array(deskSurveyRowSchema) })

export const surveyDrawSchema = z.object({
  community: z.string(), numbers: z.int(), wanted: z.int(), listedOn: day, rootOf: day, listHash: z.string(), root: z.string().nullable(), drawn: z.array(z.int()).nullable(),
})
export type SurveyDraw = z.infer<typeof surveyDrawSchema>
export const surveyDrawsSchema = z.object({ draws: z.array(surveyDrawSchema) })
export const deskSurveySchema = z.object({ now: instant, survey: deskSurveyRowSchema.extend({ definition: definitionSchema }), draws: z.array(surveyDrawSchema) })
export type DeskSurvey = z.infer<typeof deskSurveySchema>

/** A draft: `series` makes it the next round of another survey. */
export const saveSurveySchema = z.object({ definition: definitionSchema, series: z.uuid().optional() })
export const changeSurveySchema = z.object({ definition: definitionSchema, revision: z.int().min(1) })
export const savedSurveySchema = z.object({ id: z.uuid(), revision: z.int() })
export const approveSurveySchema = z.object({
  revision: z.int().min(1), mode: z.enum(surveyModes), isOpenToAll: z.boolean(), opensAt: instant, closesAt: instant, communities: z.array(z.string().max(60)).min(1, 'choose').max(100),
}).refine(({ opensAt, closesAt }) => Date.parse(closesAt) >= Date.parse(opensAt) + 86_400_000, { path: ['closesAt'], error: 'invalid' })
export type ApproveSurvey = z.output<typeof approveSurveySchema>

export const inviteSchema = z.object({ community: z.string().max(60), count: z.int().min(1).max(2000) })
/** Shown once: nothing leads back from a paper to its number, so they cannot be printed again. */
export const invitedSchema = z.object({ community: z.string(), links: z.array(z.object({ number: z.int().nullable().meta({ description: 'Code number that was drawn' }), url: z.string(), qr: z.object({ size: z.number(), path: z.string() }) })) })
export type Invited = z.infer<typeof invitedSchema>
export const fixDrawSchema = z.object({ community: z.string().max(60), numbers: z.int().min(10).max(100_000), wanted: z.int().min(1).max(2000) }).refine(({ numbers, wanted }) => wanted <= numbers, { path: ['wanted'], error: 'invalid' })

export const surveyTextsSchema = z.object({ texts: z.array(z.object({ question: z.string(), community: z.string().nullable(), text: z.string() })) })
export const doneSurveySchema = z.object({ id: z.uuid() })

const residents = z.int().min(0).max(9_999_999)
export const censusSchema = z.object({ counts: z.array(z.object({ community: z.string(), ageFrom: z.int(), residents: z.int(), asOf: day })) })
export const savedCensusSchema = z.object({ community: z.string() })
export const saveCensusSchema = z.object({ community: z.string().max(60), asOf: day, counts: z.object({ 16: residents, 30: residents, 45: residents, 60: residents }).nullable().meta({ description: 'By the youngest age of the band; null takes them away' }) })
