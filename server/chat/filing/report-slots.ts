import { z } from 'zod'
import type { Category, Question, ReferenceData } from '#shared/communities/reference-data'
import { contactModes, locationSchema, type ReportInput } from '#shared/reports/report-schema'
import { dangerousToReach } from '#shared/reports/safe-contact'
import type { Locale } from '#shared/locales'
import { readCategory, readHints } from '../slots/read-category.ts'
import { readPlace } from '../slots/read-place.ts'
import { readTime } from '../slots/read-time.ts'

const fileSchema = z.object({
  id: z.string(), mediaType: z.string(), sizeBytes: z.number(), sha256: z.string(), originalBlob: z.string().nullable(), viewBlob: z.string().nullable(), viewMediaType: z.string().nullable(), key: z.string(),
})

/** What a report in the making holds. A fact that is there is not asked for. */
export const reportSlotsSchema = z.object({
  category: z.string().optional(),
  /** Identifier of the alert that it is about. */
  alert: z.string().optional(),
  description: z.string().optional(),
  place: z.object({ community: z.string().optional(), grid: z.string().optional(), address: z.string().optional(), location: locationSchema.optional() }).optional(),
  when: z.object({ occurredAt: z.string().optional(), occurredText: z.string().optional() }).optional(),
  answers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  /** Questions of the category that were asked and left out. */
  skipped: z.array(z.string()).default([]),
  /** The rest of the category's optional questions is not wanted. */
  skipsRest: z.boolean().default(false),
  files: z.array(fileSchema).default([]),
  filesDone: z.boolean().default(false),
  mode: z.enum(contactModes).optional(),
  reach: z.object({ name: z.string().optional(), phone: z.string().optional(), email: z.string().optional(), safeContact: z.string().optional() }).optional(),
  emergencyKind: z.string().optional(),
  /** Only one line is being changed: then back to the check. */
  changing: z.string().optional(),
  /** Options ticked so far of a question with several answers. */
  ticked: z.array(z.string()).default([]),
})
export type ReportSlots = z.infer<typeof reportSlotsSchema>

/** A place outside every community, or one that the resident did not name: the station finds out whose it is. */
export const elsewhere = 'elsewhere'

/** Beginning of a report: what the first words already say. */
export function readStory(text: string, locale: Locale, now: number, reference: ReferenceData): Partial<ReportSlots> {
  const code = readCategory(text, locale)
  const category = reference.categories.find(each => each.code === code) ?? reference.categories.find(each => [each.name.zh, each.name.en.toLowerCase()].includes(text.trim().toLowerCase()))
  const time = readTime(text, locale, now, reference.station?.time_zone ?? 'Asia/Shanghai')
  const place = readPlace(text, locale, reference)
  return {
    ...(category && { category: category.code, answers: readHints(text, category.code, question => optionsOf(category, question)) }),
    ...(time && { when: { ...(time.occurredAt && { occurredAt: time.occurredAt }), ...(time.occurredText && { occurredText: time.occurredText }) } }),
    ...(place && { place }),
  }
}

/** Is this a story rather than a word or two? Then it is the description. */
export function isStory(text: string, locale: Locale): boolean {
  return locale === 'zh' ? (text.match(/\p{Script=Han}/gu)?.length ?? 0) >= 8 : text.trim().split(/\s+/).length >= 5
}

/** Facts of a later message fill what is still empty; nothing that was said is overwritten. */
export function fill(slots: ReportSlots, found: Partial<ReportSlots>): ReportSlots {
  const category = slots.category ?? found.category
  return {
    ...slots, ...(category && { category }), when: slots.when ?? found.when,
    place: slots.place ? { ...found.place, ...slots.place } : found.place,
    answers: category === found.category ? { ...found.answers, ...slots.answers } : slots.answers,
  }
}

const optionsOf = (category: Category, question: string) => category.questions.find(({ code }) => code === question)?.options.map(({ code }) => code)

/** The category that was chosen. */
export const categoryOf = ({ category }: ReportSlots, reference: ReferenceData): Category | undefined => reference.categories.find(({ code }) => code === category)

/** What is asked next, in the order of the form: a step, or a question of the category (`ask:<code>`). */
export function nextStep(slots: ReportSlots, reference: ReferenceData, facts: { takesFiles: boolean, isSignedIn: boolean }): string {
  if (!slots.category) return 'category'
  if (!slots.description) return 'description'
  if (!slots.place || (!slots.place.community && !slots.place.grid && !slots.place.location)) return 'place'
  if (!slots.when) return 'when'
  const question = nextQuestion(slots, reference)
  if (question) return `ask:${question.code}`
  if (facts.takesFiles && !slots.filesDone) return 'files'
  if (!slots.mode) return 'contact'
  if (slots.mode !== 'anonymous' && !slots.reach && (!facts.isSignedIn || slots.category === dangerousToReach)) return 'reach'
  return 'check'
}

/** Questions that another answer makes pointless: nobody got in anywhere to take a bike from the street. */
const pointless: readonly { category: string, question: string, given: string, options: readonly string[] }[] = [
  { category: 'theft', question: 'way_in', given: 'stolen_from', options: ['ebike', 'person', 'parcel'] },
]

function nextQuestion(slots: ReportSlots, reference: ReferenceData): Question | undefined {
  const open = categoryOf(slots, reference)?.questions.filter(({ code }) => slots.answers[code] === undefined && !slots.skipped.includes(code) && !pointless.some(each => each.category === slots.category && each.question === code && each.options.some(option => option === slots.answers[each.given]))) ?? []
  return open.find(({ is_required: isRequired }) => isRequired) ?? (slots.skipsRest ? undefined : open[0])
}

/** The report that complete slots make. */
export function reportInput(slots: ReportSlots, locale: Locale): ReportInput {
  const { community, ...place } = slots.place ?? {}
  return {
    category: slots.category ?? '', ...place, ...(community && community !== elsewhere && { community }), ...slots.when, description: slots.description ?? '', ...(slots.alert && { alert: slots.alert }), answers: slots.answers, locale,
    contact: { mode: slots.mode ?? 'anonymous', ...(slots.mode !== 'anonymous' && slots.reach) },
  }
}
