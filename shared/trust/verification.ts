import { z } from 'zod'

/* The verifier at the desk: it is asked page by page until it is done. */

const instant = z.string().meta({ format: 'date-time' })

/** `POST /api/desk/audit/verifications`: how many blocks there are to go through. */
export const verificationSchema = z.object({ id: z.uuid(), blocks: z.number() })

export const verificationPathSchema = z.object({ id: z.uuid() })

/** `POST /api/desk/audit/verifications/{id}`: the sums so far, and the first hundred rows found wrong. */
export const verificationProgressSchema = z.object({
  id: z.uuid(), isDone: z.boolean(), blocks: z.number(), rows: z.number(), erased: z.number(), findings: z.number(),
  found: z.array(z.object({ kind: z.string(), source: z.string(), row: z.string().nullable(), at: instant.nullable(), block: z.number().nullable() })),
})
export type VerificationProgress = z.infer<typeof verificationProgressSchema>
