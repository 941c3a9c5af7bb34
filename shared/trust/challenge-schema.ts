import { z } from 'zod'

/** `GET /api/challenge`: a proof-of-work challenge as altcha-lib 2 makes and solves it. */
export const challengeSchema = z.strictObject({
  parameters: z.strictObject({
    algorithm: z.string(), nonce: z.string(), salt: z.string(), cost: z.int(), keyLength: z.int(), keyPrefix: z.string(), keySignature: z.string(), expiresAt: z.int(),
  }),
  signature: z.string(),
})
