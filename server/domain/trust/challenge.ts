import { createChallenge, randomInt, verifySolution, type Challenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { KeyRing } from './key-ring.ts'

/** RULES G2: PBKDF2/SHA-256, cost 1,000, counter 500–1,500: about a second on a cheap phone; good for 20 minutes and one use. */
const cost = 1_000
const counters = { from: 500, to: 1_500 }
const ttlSeconds = 20 * 60

const secrets = (keys: KeyRing) => ({
  hmacSignatureSecret: keys.mac('challenge', 'signature').toString('hex'),
  hmacKeySignatureSecret: keys.mac('challenge', 'key').toString('hex'),
})

/** Where the answer of a challenge lies: so many keys the page derives before it finds it. @param load how busy the station is, 1 is calm; at most eightfold */
export function challengeCounter(load: number): number {
  const factor = Math.min(Math.max(load, 1), 8)
  return randomInt(Math.round(counters.from * factor), Math.round(counters.to * factor))
}

/** A proof-of-work challenge as altcha-lib makes it. @param now milliseconds */
export async function makeChallenge(keys: KeyRing, counter: number, now: number): Promise<Challenge> {
  return createChallenge({ algorithm: 'PBKDF2/SHA-256', cost, deriveKey, ...secrets(keys), counter, expiresAt: Math.floor(now / 1000) + ttlSeconds })
}

const payloadSchema = z.object({
  challenge: z.object({
    parameters: z.object({
      algorithm: z.string(), nonce: z.string(), salt: z.string(), cost: z.number(), keyLength: z.number(), keyPrefix: z.string(), keySignature: z.string(), expiresAt: z.number(),
    }),
    signature: z.string(),
  }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
})

/** A solved challenge, for the database to spend once: undefined when it is malformed, wrong or too old. */
export async function checkChallenge(keys: KeyRing, payload: string, now: number): Promise<{ id: string, expires_at: string } | undefined> {
  const decoded = payloadSchema.safeParse(decode(payload))
  if (!decoded.success) return undefined
  const { challenge, solution } = decoded.data
  const { expiresAt, nonce } = challenge.parameters
  if (expiresAt * 1000 < now) return undefined
  const { verified } = await verifySolution({ challenge, solution, deriveKey, ...secrets(keys) }).catch(() => ({ verified: false }))
  if (!verified) return undefined
  return { id: createHash('sha256').update(`${nonce} ${challenge.signature}`).digest('hex'), expires_at: new Date(expiresAt * 1000).toISOString() }
}

function decode(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))
  }
  catch {
    return undefined
  }
}
