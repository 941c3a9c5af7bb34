import { z } from 'zod'

/* Comments at the desk: read before they are published by somebody other than whom they are about, answered by the officer. */

const text = z.string('required').trim().min(1, 'required').max(1000, 'textMax')
const day = z.iso.date()
export const commentPathSchema = z.object({ id: z.uuid() })
export const deskRatingsSchema = z.object({
  /** That wait to be read. */
  waiting: z.array(z.object({ id: z.uuid(), community: z.string(), month: day, day, text: z.string() })),
  /** Published ones about oneself. */
  own: z.array(z.object({ id: z.uuid(), community: z.string(), month: day, text: z.string(), answer: z.string().nullable() })),
})
export type DeskRatings = z.infer<typeof deskRatingsSchema>
/** `text` as it is published, without what would give somebody away; null refuses it. */
export const decideCommentSchema = z.object({ text: text.nullable() })
export const answerCommentSchema = z.object({ text })
export const changedCommentSchema = z.object({ id: z.uuid() })
