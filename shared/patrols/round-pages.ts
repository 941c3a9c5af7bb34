import { z } from 'zod'
import type { Localised } from '../communities/reference-data.ts'
import { choices, optionalText } from '../forms/fields.ts'
import { textLimits } from '../reports/report-schema.ts'
import { mostFindings, routeWalkedWords, type FiledPatrolReport, type Round } from './round-schema.ts'

/* A patrol on its way on volunteers' pages: forms without script. */

export const visitOutcomes = ['new', 'again', 'unknown'] as const
/** `/patrols/checkpoints/{code}`: what the poster at a checkpoint opens. Nothing is said of a code before somebody on patrol sends it. */
export interface CheckpointPage { did: (typeof visitOutcomes)[number] | null }

export const roundActs = ['checklist', 'report'] as const
/** `/patrols/rounds/{id}` */
export interface RoundPage {
  round: Round
  categories: { code: string, name: Localised }[]
  did: (typeof roundActs)[number] | null
  /** What the findings became, in the one answer that files the report. */
  filed: FiledPatrolReport | null
  timeZone: string
  now: string
}

export const findingNumbers = Array.from({ length: mostFindings }, (_, index) => index + 1)
const findingFieldsSchema = { category: optionalText(60), text: optionalText(textLimits.description) }

/** A finding as the form has it: `category3` and `text3`, both or none. */
function findingOf(form: Readonly<Record<string, unknown>>, number: number) {
  const [category, text] = [findingFieldsSchema.category.safeParse(form[`category${number}`]), findingFieldsSchema.text.safeParse(form[`text${number}`])]
  return { category: category.data, text: text.data, isTooLong: !text.success }
}

/** What the page of a patrol sends: ticked items, or the report with up to ten findings, of which empty ones count for nothing. */
export const roundFormSchema = z.discriminatedUnion('act', [
  z.object({ act: z.literal('checklist'), items: choices(z.string().max(60)) }),
  z.looseObject({ act: z.literal('report'), routeWalked: z.enum(routeWalkedWords, 'choose'), summary: z.string().trim().max(2_000, 'textMax').default('') })
    .superRefine((form, context) => {
      for (const number of findingNumbers) {
        const { category, text, isTooLong } = findingOf(form, number)
        if (isTooLong) context.addIssue({ code: 'too_big', origin: 'string', maximum: textLimits.description, input: form[`text${number}`], path: [`text${number}`], message: 'textMax' })
        else if (text && !category) context.addIssue({ code: 'custom', path: [`category${number}`], message: 'choose' })
        else if (category && !text) context.addIssue({ code: 'custom', path: [`text${number}`], message: 'required' })
      }
    }),
])

/** The findings of a sent form, in their order. */
export const findingsOf = (form: Readonly<Record<string, unknown>>): { category: string, text: string }[] => findingNumbers.flatMap((number) => {
  const { category, text } = findingOf(form, number)
  return category && text ? [{ category, text }] : []
})
