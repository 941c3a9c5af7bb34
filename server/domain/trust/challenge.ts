import { createChallenge, randomInt, type Challenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { createHash, createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { canonicalJson } from './canonical-json.ts'
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
  solution: z.object({ counter: z.int().min(0).max(0xFFFF_FFFF), derivedKey: z.string().regex(/^(?:[0-9a-f]{2})+$/) }),
})

/**
 * A solved challenge, for the database to spend once: undefined when it is malformed, wrong or too old.
 * The same two signatures as altcha-lib's `verifySolution` checks (a test compares them), without Web Crypto: its
 * detour over the thread pool was a sixth of the portal's work for a report (measured).
 */
export function checkChallenge(keys: KeyRing, payload: string, now: number): { id: string, expires_at: string } | undefined {
  const decoded = payloadSchema.safeParse(decode(payload))
  if (!decoded.success) return undefined
  const { challenge: { parameters, signature }, solution } = decoded.data
  if (parameters.expiresAt * 1000 < now) return undefined
  const { signatureKey, solutionKey } = verifiers(keys)
  if (!isMac(signatureKey, canonicalJson(parameters), signature)) return undefined
  if (!isMac(solutionKey, Buffer.from(solution.derivedKey, 'hex'), parameters.keySignature)) return undefined
  // By what is signed alone: hex reads the same in capitals, so with the signature in it one solution could be sent many times.
  return { id: createHash('sha256').update(`challenge ${parameters.nonce}`).digest('hex'), expires_at: new Date(parameters.expiresAt * 1000).toISOString() }
}

const kept = new WeakMap<KeyRing, { signatureKey: KeyObject, solutionKey: KeyObject }>()

function verifiers(keys: KeyRing) {
  let known = kept.get(keys)
  if (!known) {
    const { hmacSignatureSecret, hmacKeySignatureSecret } = secrets(keys)
    kept.set(keys, known = { signatureKey: createSecretKey(Buffer.from(hmacSignatureSecret)), solutionKey: createSecretKey(Buffer.from(hmacKeySignatureSecret)) })
  }
  return known
}

function isMac(key: KeyObject, text: string | Buffer, hex: string) {
  const [right, given] = [createHmac('sha256', key).update(text).digest(), Buffer.from(hex, 'hex')]
  return given.length === right.length && timingSafeEqual(given, right)
}

function decode(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64').toString('utf8'))
  }
  catch {
    return undefined
  }
}
