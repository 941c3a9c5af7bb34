import { createHash, createPublicKey, sign } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import type { KeyRing } from './key-ring.ts'

/**
 * What the station signs when it takes a report (RULES C3): statement 1 covers the content, each file adds statement n + 1 that
 * names the one before. Everything in it is kept in the report's rows, and Ed25519 gives one signature for one text,
 * so that a repeated send gets the very same statement.
 */
export interface Statement {
  version: 1
  number: number
  reference: string
  receivedAt: string
  /** SHA-256(nonce ‖ canonical JSON of the content), hex. */
  contentHash: string
  /** SHA-256 of each file in the order of their arrival, hex. */
  attachments: string[]
  /** SHA-256 of the canonical JSON of the statement before, hex. */
  previous: string | null
  keyId: string
  /** Ed25519 over the canonical JSON of all other fields, base64url. */
  signature: string
}

export interface StatementFacts { reference: string, receivedAt: string, contentHash: string, attachments: readonly string[] }

/** Signs the newest statement of a report. @param facts files in the order of their arrival */
export function signStatement(keys: KeyRing, facts: StatementFacts): Statement {
  const { id, key } = keys.secret('signing')
  let previous: string | null = null
  for (let count = 0; ; count++) {
    const body = {
      version: 1 as const, number: count + 1, reference: facts.reference, receivedAt: new Date(facts.receivedAt).toISOString(), contentHash: facts.contentHash,
      attachments: facts.attachments.slice(0, count), previous, keyId: id,
    }
    const text = canonicalJson(body)
    if (count === facts.attachments.length) return { ...body, signature: sign(null, Buffer.from(text), key).toString('base64url') }
    previous = createHash('sha256').update(text).digest('hex')
  }
}

/** The public half as a JWK (RFC 8037), for `/verify/keys.json`. */
export function statementKey(keys: KeyRing): Record<string, unknown> {
  const { id, key } = keys.secret('signing')
  return { ...createPublicKey(key).export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'EdDSA' }
}

/** SHA-256(nonce ‖ canonical JSON), hex: the leaf that a statement signs and later the chain seals. */
export function contentHash(nonce: string, content: unknown): string {
  return createHash('sha256').update(Buffer.from(nonce, 'hex')).update(canonicalJson(content)).digest('hex')
}
