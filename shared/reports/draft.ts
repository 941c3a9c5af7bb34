import { z } from 'zod'
import type { Category } from '../communities/reference-data.ts'
import { answersSchema, contactModes, locationSchema, type ReportInput } from './report-schema.ts'

/** The pages of the form in their order: one decision on each. `check` and what follows hold no answers. */
export const reportSteps = ['category', 'place', 'when', 'details', 'files', 'contact', 'reach', 'check'] as const
export type ReportStep = typeof reportSteps[number]

/** When it happened: now, on a day (and hour), or roughly. */
export const precisions = ['now', 'exact', 'rough'] as const

/** What each step has been answered with. A step without an entry has not been done. */
export const draftAnswersSchema = z.object({
  /** Identifier of the alert that this is about; no step of the form asks for it. */
  alert: z.string().optional(),
  category: z.string().optional(),
  place: z.object({ community: z.string().optional(), grid: z.string().optional(), address: z.string().optional(), location: locationSchema.optional() }).optional(),
  when: z.object({ precision: z.enum(precisions), on: z.string().optional(), at: z.string().optional(), occurredAt: z.string().optional(), text: z.string().optional() }).optional(),
  /** `isStale`: the category has changed since, its own questions have yet to be answered. */
  details: z.object({ description: z.string(), answers: answersSchema, isStale: z.boolean().optional() }).optional(),
  /** The files themselves lie beside the answers; this says that the step was done. */
  files: z.object({ isDone: z.literal(true) }).optional(),
  contact: z.object({ mode: z.enum(contactModes) }).optional(),
  reach: z.object({ name: z.string().optional(), phone: z.string().optional(), email: z.string().optional(), safeContact: z.string().optional(), isPortalOnly: z.boolean() }).optional(),
})
export type DraftAnswers = z.infer<typeof draftAnswersSchema>

/** The steps that these answers lead through: whoever stays anonymous is not asked how to be reached. */
export function stepsFor({ contact }: DraftAnswers): ReportStep[] {
  return reportSteps.filter(step => step !== 'reach' || (contact !== undefined && contact.mode !== 'anonymous'))
}

/** Whether one stays anonymous and how to be reached is one step on two pages: the count is the same for everybody from the first page on. */
const numberedSteps = reportSteps.filter(step => step !== 'reach')

/** "Step 6 of 7" of a page, 1-based; `isContinued` on the second page of a step. */
export function stepNumber(step: ReportStep): { number: number, count: number, isContinued: boolean } {
  const isContinued = step === 'reach'
  return { number: numberedSteps.indexOf(isContinued ? 'contact' : step) + 1, count: numberedSteps.length, isContinued }
}

/** The first step that still needs an answer; `check` when none does. */
export function firstMissingStep(answers: DraftAnswers): ReportStep {
  return stepsFor(answers).find(step => step === 'check' || answers[step] === undefined || (step === 'details' && answers.details?.isStale)) ?? 'check'
}

/** May this step be opened? Every step before it must have its answer. */
export function mayOpen(step: ReportStep, answers: DraftAnswers): boolean {
  const steps = stepsFor(answers)
  return steps.includes(step) && steps.indexOf(step) <= steps.indexOf(firstMissingStep(answers))
}

/** Where a saved step leads: the next one, or back to the check when the answer was only changed. */
export function stepAfter(step: ReportStep, answers: DraftAnswers, isChange: boolean): ReportStep {
  if (isChange) return firstMissingStep(answers)
  const steps = stepsFor(answers)
  const next = steps[steps.indexOf(step) + 1] ?? 'check'
  return mayOpen(next, answers) ? next : firstMissingStep(answers)
}

/** Answers after another category was chosen: its own questions are asked anew, what was written stays; how to be reached is asked again where it may be dangerous. */
export function withCategory(answers: DraftAnswers, category: Category): DraftAnswers {
  if (answers.category === category.code) return answers
  const { reach, details, ...kept } = answers
  return {
    ...kept, category: category.code,
    ...(details && { details: { description: details.description, answers: {}, isStale: true } }),
    ...(reach && category.allows_device_draft && { reach }),
  }
}

/** The report that complete answers make, or undefined while a step is missing. */
export function reportOf(answers: DraftAnswers, locale: ReportInput['locale']): ReportInput | undefined {
  const { alert, category, place, when, details, contact, reach } = answers
  if (firstMissingStep(answers) !== 'check' || !category || !place || !when || !details || !contact) return undefined
  const { isPortalOnly, ...ways } = contact.mode === 'anonymous' ? {} : reach ?? {}
  return {
    category, ...place, occurredAt: when.occurredAt, occurredText: when.text, description: details.description, answers: details.answers, alert, locale,
    contact: { mode: contact.mode, ...ways, ...(isPortalOnly !== undefined && { portalOnly: isPortalOnly }) },
  }
}
