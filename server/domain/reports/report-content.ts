import { z } from 'zod'
import { answersSchema, contactSchema, locationSchema, type ReportInput } from '#shared/reports/report-schema'

/** What is sealed with the content key of a report: all that the resident wrote. */
export const reportContentSchema = z.object({
  description: z.string(),
  address: z.string().optional(),
  location: locationSchema.optional(),
  occurredText: z.string().optional(),
  answers: answersSchema.default({}),
  alert: z.string().optional(),
})
export type ReportContent = z.infer<typeof reportContentSchema>

/** What is sealed apart, with the contact key: who it was. */
export const reportContactSchema = contactSchema.omit({ mode: true }).extend({ accountEmail: z.string().optional() })
export type ReportContact = z.infer<typeof reportContactSchema>

/** The content of a report as it is sealed and signed. */
export function contentOf({ description, address, location, occurredText, answers, alert }: ReportInput): ReportContent {
  return { description, ...(address && { address }), ...(location && { location }), ...(occurredText && { occurredText }), answers, ...(alert && { alert }) }
}

/** Where a sealed text of a report belongs: authenticated with it. */
export const aboutReport = (id: string, part: 'content' | 'contact' | 'notify' | 'sentence' | 'message' | 'note' | 'revisit' | 'file'): string => `report:${id}:${part}`
