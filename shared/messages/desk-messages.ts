import { z } from 'zod'
import { locales } from '../reports/report-schema.ts'

/* What goes in and out of the desk's page of messages. */

const instant = z.string().meta({ format: 'date-time' })

export const messageStatuses = ['dead', 'queued'] as const
export type MessageStatus = typeof messageStatuses[number]

export const messagesQuerySchema = z.object({
  status: z.enum(messageStatuses).default('dead'),
  cursor: z.string().regex(/^\d{1,15}$/, 'invalid').optional(),
  limit: z.coerce.number('number').int('number').min(1).max(200).default(50),
})
export type MessagesQuery = z.infer<typeof messagesQuerySchema>

export const messageItemSchema = z.object({
  id: z.number(), createdAt: instant, template: z.string(), reference: z.string().nullable(), locale: z.enum(locales),
  /** `a•••@example.org`; null when the address is sealed, which nobody opens. */
  recipient: z.string().nullable(),
  attempts: z.number(), error: z.string().nullable(), settledAt: instant.nullable(), sendAfter: instant.nullable(), canResend: z.boolean(),
})
export type MessageItem = z.infer<typeof messageItemSchema>

export const messagePageSchema = z.object({
  counts: z.object({ dead: z.number(), queued: z.number() }), messages: z.array(messageItemSchema), nextCursor: z.string().nullable(),
})
export type MessagePage = z.infer<typeof messagePageSchema>

export const resendSchema = z.object({ ids: z.array(z.number().int().positive()).min(1).max(200) })
export const resentSchema = z.object({ resent: z.number() })
