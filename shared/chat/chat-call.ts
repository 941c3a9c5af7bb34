import { z } from 'zod'
import { idempotencyKeySchema, locationSchema } from '../reports/report-schema.ts'
import { localeCodes } from '../locales.ts'
import { chatReplySchema } from './reply.ts'

const altchaSchema = z.string().max(8_000, 'textMax')
const said = z.string().max(4_000, 'textMax')

/** `POST /api/chat`. Without `conversation` and without the cookie of the page a conversation begins. */
export const chatCallSchema = z.object({
  /** As an earlier answer gave it: whoever has it goes on with the conversation. */
  conversation: z.string().min(22, 'textMin').max(200, 'textMax').optional(),
  text: said.optional(),
  /** The id of a choice of an earlier answer. */
  choice: z.string().max(64, 'textMax').optional(),
  location: locationSchema.optional(),
  locale: z.enum(localeCodes, 'choose').default('zh'),
  /** A solved challenge (`GET /api/challenge`) with the turn that sends a report; without one the report is read after the others. */
  altcha: altchaSchema.optional(),
  /** At least 22 random characters: the same again answers the same and does nothing twice. */
  idempotencyKey: idempotencyKeySchema.optional(),
}).refine(({ text, choice, location }) => text?.trim() || choice || location, { path: ['text'], message: 'required' })

export const chatAnswerSchema = z.object({
  conversation: z.string(), replies: z.array(chatReplySchema), intent: z.string(), article: z.string().optional(), confidence: z.number().min(0).max(1),
})

/** The form of the page: something typed, a choice, or the end of the chat. */
export const chatFormSchema = z.object({ text: said.optional(), choice: z.string().max(64, 'textMax').optional(), act: z.literal('end').optional(), altcha: altchaSchema.optional() })
