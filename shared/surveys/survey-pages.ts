import { z } from 'zod'
import type { Localised } from '../communities/reference-data.ts'
import type { Answers, SurveyDefinition } from './definition.ts'
import type { SurveyResults } from './survey-results.ts'
import { linkTokenSchema, type ListedSurvey, type OpenSurvey } from './survey-schema.ts'
import { theCheck, theStart, type FormValues, type SurveyStep } from './take-step.ts'

/*
  The page of a survey: one question after the other. Without script each step is a form that carries what was answered so far; nothing of it is kept on the server.
  With script the same form steps by itself (components/enhance/survey.ts) and rests on the phone.
*/

/** How an answer would count, or that this page takes none. */
export const surveyStandings = ['ballot', 'invited', 'open', 'none'] as const
export interface SurveyPage {
  survey: OpenSurvey
  step: SurveyStep
  standing: typeof surveyStandings[number]
  /** Why somebody has no ballot; what staff answer openly is marked, and does not count. */
  gap: 'guest' | 'link_over' | 'not_verified' | 'staff' | null
  isDrawn: boolean
  /** Of a link from a messenger, by which the phone draws without a session. */
  pass: string | null
  key: { id: string, spki: string } | null
  /** The token of a link that is still good; `isUsed` of one that is not. */
  link: string | null
  isUsed: boolean
  communities: { slug: string, name: Localised }[]
  timeZone: string
  now: string
  did: 'ballot' | 'invited' | 'open' | null
}

export interface SurveyListPage { surveys: ListedSurvey[], communities: { slug: string, name: Localised }[], timeZone: string, now: string }
export interface SurveyResultsPage { results: SurveyResults, communities: { slug: string, name: Localised }[], timeZone: string }

const answersSchema = z.record(z.string().max(40), z.union([z.string().max(4000), z.number(), z.array(z.string().max(40)).max(20), z.record(z.string().max(40), z.string().max(40)), z.null()]))
const soFar = z.string().max(60_000).transform((text, context): Answers => {
  const found = answersSchema.safeParse(tryParse(text))
  if (found.success) return found.data
  context.addIssue({ code: 'custom', message: 'invalid' })
  return z.NEVER
})

/** What a step sends; the question's own fields come beside it (`fieldOf`). */
export const surveyFormSchema = z.object({
  at: z.string().max(40), soFar: soFar, go: z.enum(['next', 'back', 'stop']).catch('next'), partial: z.enum(['1', '']).catch(''),
  community: z.string().max(60).optional(), link: linkTokenSchema.optional().or(z.literal('').transform(() => undefined)),
})

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  }
  catch {
    return undefined
  }
}

/** What a form was left at, for a page that is shown again; the check when nothing else is known. */
export function stepOfForm(values: FormValues, definition: SurveyDefinition): SurveyStep {
  const form = surveyFormSchema.safeParse(values)
  if (!form.success) return { at: theStart, answers: {}, isPartial: false }
  const at = form.data.at === theCheck || definition.questions.some(({ code }) => code === form.data.at) ? form.data.at : theStart
  return { at, answers: form.data.soFar, isPartial: form.data.partial === '1' }
}
