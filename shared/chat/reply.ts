import { z } from 'zod'

/** An answer of the assistant as browsers, programs and the bot get it (`POST /api/chat`). */
export const choiceSchema = z.object({
  /** Sent back as `choice`. At most 64 bytes: a button of Telegram carries no more. */
  id: z.string().max(64),
  label: z.string(),
})
export type Choice = z.infer<typeof choiceSchema>

const row = z.object({ label: z.string(), value: z.string() })

/** Something to look at beside the words. */
export const cardSchema = z.discriminatedUnion('kind', [
  /** Whom to call now; never a barrier. `danger` is the kind that the rules found. */
  z.object({ kind: z.literal('emergency'), danger: z.string(), service: z.string(), number: z.string() }),
  /** A report that was filed or looked up. `receipt` is shown once; `isReporter`: by whoever reported it, no neighbour who follows it. */
  z.object({ kind: z.literal('report'), reference: z.string(), receipt: z.string().optional(), status: z.string().optional(), isReporter: z.boolean().optional(), rows: z.array(row) }),
  z.object({ kind: z.literal('officer'), name: z.string(), badge: z.string().optional(), community: z.string(), rows: z.array(row), phone: z.string().optional() }),
  /** What is about to be sent, to be checked. */
  z.object({ kind: z.literal('summary'), rows: z.array(row) }),
  z.object({ kind: z.literal('handover'), rows: z.array(row) }),
])
export type Card = z.infer<typeof cardSchema>

export const chatReplySchema = z.object({
  text: z.string(),
  choices: z.array(choiceSchema).optional(),
  card: cardSchema.optional(),
  /** A page of the portal, `/{locale}/…`, or another site's address. */
  link: z.object({ href: z.string(), label: z.string() }).optional(),
  /** The slug of the article that answers. */
  article: z.string().optional(),
})
export type ChatReply = z.infer<typeof chatReplySchema>
