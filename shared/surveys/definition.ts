import { z } from 'zod'
import { cannotSay, theEnd } from './cannot-say.ts'

/*
  What a survey asks (PRODUCT §5). survey: questions in order; question: one thing asked; option: one answer that may be chosen; branch: where to go from
  a question instead of to the next one. A definition is frozen when the survey opens. What a branch may do is checked in walk.ts, one answer in answers.ts.
*/

const words = (most: number) => z.object({ zh: z.string().trim().min(1).max(most), en: z.string().trim().min(1).max(most) }).strict()
const code = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/).refine(value => value !== cannotSay && value !== theEnd)
const distinct = <T extends { code: string }>(list: readonly T[]) => new Set(list.map(each => each.code)).size === list.length

const option = z.object({ code, label: words(120), /** "None of these": chosen alone or not at all. */ isAlone: z.boolean().optional() }).strict()
const options = (most: number) => z.array(option).min(2).max(most).refine(distinct)

export const operators = ['is', 'is_not', 'includes', 'at_least', 'at_most', 'skipped'] as const
const condition = z.object({ question: code, op: z.enum(operators), value: z.union([z.string().max(40), z.number()]).optional() }).strict()
const branch = z.object({ if: condition, goTo: z.union([code, z.literal(theEnd)]) }).strict()

const common = { code, label: words(300), hint: words(300).optional(), isRequired: z.boolean().default(false), branches: z.array(branch).max(10).default([]) }
const mayPass = { ...common, hasCannotSay: z.boolean().default(false) }
/** Answers that together are the share that is spoken of, "safe or very safe"; rounds are compared by it. */
const headline = z.array(z.string().min(1).max(40)).min(1).max(10).optional()

export const questionSchema = z.discriminatedUnion('kind', [
  z.object({ ...mayPass, kind: z.literal('single'), options: options(20), headline }).strict(),
  z.object({ ...mayPass, kind: z.literal('multi'), options: options(20), atMost: z.int().min(1).max(20).optional() }).strict(),
  z.object({ ...mayPass, kind: z.literal('scale'), from: z.int().min(0).max(1), to: z.int().min(3).max(10), low: words(60), high: words(60), headline }).strict(),
  z.object({ ...mayPass, kind: z.literal('matrix'), rows: z.array(z.object({ code, label: words(120) }).strict()).min(2).max(12).refine(distinct), options: options(7), headline }).strict(),
  // Published by band only: [16, 40, 65] makes "under 16", "16 to under 40", "40 to under 65" and "65 or more".
  z.object({ ...mayPass, kind: z.literal('number'), min: z.number(), max: z.number(), isWhole: z.boolean().default(true), bands: z.array(z.number()).max(8).default([]) }).strict()
    .refine(({ min, max }) => min < max)
    .refine(({ min, max, bands }) => bands.every((each, index) => each > (bands[index - 1] ?? min) && each <= max)),
  z.object({ ...common, kind: z.literal('text'), maxLength: z.int().min(1).max(2000).default(500) }).strict(),
])
export type Question = z.infer<typeof questionSchema>

function isHeadlineOfItsOwn(question: Question): boolean {
  if (!('headline' in question) || !question.headline) return true
  const answers = question.kind === 'scale' ? Array.from({ length: question.to - question.from + 1 }, (_, step) => String(question.from + step)) : question.options.map(option => option.code)
  return question.headline.every(each => answers.includes(each))
}
export type Condition = z.infer<typeof condition>

export const definitionSchema = z.object({
  title: words(120), intro: words(1000).optional(), questions: z.array(questionSchema.refine(isHeadlineOfItsOwn, { path: ['headline'] })).min(1).max(60).refine(distinct),
}).strict()
export type SurveyDefinition = z.infer<typeof definitionSchema>

/** One answer: an option's code, several of them, a number, a text, the option of each row; `cannot_say`; or null: passed over. */
export type Answer = string | number | string[] | Record<string, string> | null
/** By the question's code. A question that is missing was not asked yet. */
export type Answers = Record<string, Answer>
