import { z } from 'zod'
import { localisedSchema, type Localised } from '../communities/reference-data.ts'
import { closedReasons, statuses, type ClosedReason, type Status } from './status.ts'

/** A prepared sentence of the desk for a state, or a letter (`message`). Without a category it fits all. */
export const responseTemplateSchema = z.object({
  slug: z.string(), category: z.string().nullable(), status: z.enum([...statuses, 'message']), closedReason: z.enum(closedReasons).nullable(), name: localisedSchema, body: localisedSchema,
})
export type ResponseTemplate = z.infer<typeof responseTemplateSchema>
export const responseTemplatesSchema = z.object({ templates: z.array(responseTemplateSchema) })

/** Blanks for the officer to fill in: 【日期】, [day, time]. A sentence with one left is not ready to be sent. */
const blank = /【[^】\n]{0,40}】|\[[^\]\n]{1,40}\]/

const blanks = /【[^】\n]{1,40}】|\[[^\]\n]{1,40}\]/g

/** How many blanks a sentence has; undefined where a bracket is left open, or has nothing in it. The database counts alike (`private.count_blanks`). */
export function countBlanks(text: string): number | undefined {
  return /[[\]【】]/.test(text.replace(blanks, '')) ? undefined : (text.match(blanks) ?? []).length
}

/** True while a gap of the template waits to be filled in. */
export const hasBlank = (text: string): boolean => blank.test(text)

interface Occasion { category: string, status: Status | 'message', closedReason?: ClosedReason | null }

/** What fits an occasion, the category's own sentences first. */
export function fittingTemplates(templates: readonly ResponseTemplate[], { category, status, closedReason = null }: Occasion): ResponseTemplate[] {
  const fitting = templates.filter(template => template.status === status && template.closedReason === closedReason && (template.category === null || template.category === category))
  return [...fitting.filter(template => template.category !== null), ...fitting.filter(template => template.category === null)]
}

/**
 * The sentence that is true of any report in that state and needs no filling in: for whoever accepts with one key. Never a
 * category's own, since those tell of things done ("the footage is being looked at").
 */
export function plainSentence(templates: readonly ResponseTemplate[], { status, closedReason = null }: Omit<Occasion, 'category'>, locale: keyof Localised): string | undefined {
  return templates.filter(template => template.category === null && template.status === status && template.closedReason === closedReason)
    .map(({ body }) => body[locale]).find(text => !hasBlank(text))
}
