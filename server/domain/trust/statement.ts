import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import { publicJwk, signingKeyAt, type KeyRing } from './key-ring.ts'

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
  const { id, key } = signingKeyAt(keys, facts.receivedAt)
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

/** A signed thing: all fields but the signature, whose key is named in them. */
export type Signed = { keyId: string, signature: string } & Record<string, unknown>

/** Signs the canonical JSON of some facts with the key of their time; `hash` is the SHA-256 of what was signed. @param at ISO 8601 */
export function signFacts<Facts extends Record<string, unknown>>(keys: KeyRing, facts: Facts, at: string): { signed: Facts & { keyId: string, signature: string }, hash: string } {
  const { id, key } = signingKeyAt(keys, at)
  const body = { ...facts, keyId: id }
  const text = canonicalJson(body)
  return { signed: { ...body, signature: sign(null, Buffer.from(text), key).toString('base64url') }, hash: createHash('sha256').update(text).digest('hex') }
}

/** SHA-256 of what a signature covers, hex. */
export function signedHash({ signature: _, ...body }: Signed): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex')
}

/**
 * Whether a signature is one of ours, by a key whose time it was.
 * @param at the time that the signed thing carries, ISO 8601
 */
export function isSignedByUs(keys: Pick<KeyRing, 'signingKeys'>, { signature, ...body }: Signed, at: string): boolean {
  const found = keys.signingKeys.find(({ id }) => id === body.keyId)
  if (!found || (found.validFrom && Date.parse(at) < Date.parse(found.validFrom)) || (found.validUntil && Date.parse(at) >= Date.parse(found.validUntil))) return false
  return verify(null, Buffer.from(canonicalJson(body)), createPublicKey(found.key), Buffer.from(signature, 'base64url'))
}

/** The public halves of all signing keys with their validity, for `/verify/keys.json` (a JWK set, RFC 7517). */
export function publicKeys({ signingKeys }: Pick<KeyRing, 'signingKeys'>): Record<string, unknown>[] {
  return signingKeys.map(key => ({ ...publicJwk(key), validFrom: key.validFrom, validUntil: key.validUntil }))
}

/** SHA-256(nonce ‖ canonical JSON), hex: the leaf that a statement signs and later the chain seals. */
export function contentHash(nonce: string, content: unknown): string {
  return createHash('sha256').update(Buffer.from(nonce, 'hex')).update(canonicalJson(content)).digest('hex')
}
