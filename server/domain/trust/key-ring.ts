import { createHmac, createPrivateKey, createPublicKey, createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { unwrapKey, wrapKey, type MasterKey } from './envelope.ts'

/** What the portal's own keys are for. Each is kept wrapped in `private.server_keys`. */
export const keyPurposes = ['receipt', 'index', 'address', 'challenge', 'signing', 'outbox', 'chat'] as const
export type KeyPurpose = typeof keyPurposes[number]

/** `created_at` of a signing key is when its validity begins, which may lie ahead. */
export interface ServerKeyRow { id: string, purpose: string, wrapped: string, created_at?: string }

/** Where the rows live: `list` reads all, oldest first; `add` keeps the first of an id and answers with the one that is kept. */
export interface KeyStore {
  list: () => Promise<ServerKeyRow[]>
  add: (id: string, purpose: KeyPurpose, wrapped: string) => Promise<string>
}

/** A signing key and the time it signs for: up to the beginning of the next. The first one also signs for all that came before. */
export interface SigningKey { id: string, key: KeyObject, validFrom: string | null, validUntil: string | null }

export interface KeyRing {
  masterKeys: readonly MasterKey[]
  /** `<key id>:<64 hex>`: HMAC-SHA-256 of a text, kept in look-up columns. */
  keyedHash: (purpose: 'receipt' | 'index' | 'address', text: string) => string
  /** Raw HMAC-SHA-256. */
  mac: (purpose: KeyPurpose, text: string) => Buffer
  secret: (purpose: Exclude<KeyPurpose, 'signing'>) => { id: string, key: KeyObject }
  /** All signing keys, oldest first. */
  signingKeys: readonly SigningKey[]
}

/**
 * Loads the portal's keys, making on first start those that are missing. Two workers may race: the database keeps one.
 * HMAC keys never change under a rotation of the master key, they are only wrapped anew (RULES B5).
 */
export async function openKeyRing(masterKeys: readonly MasterKey[], store: KeyStore): Promise<KeyRing> {
  const rows = await store.list()
  const raw = (id: string, wrapped: string) => unwrapKey(masterKeys, wrapped, aboutServerKey(id))
  const keys = new Map<KeyPurpose, { id: string, key: KeyObject }>()
  let signing: ServerKeyRow[] = []
  for (const purpose of keyPurposes) {
    const known = rows.filter(row => row.purpose === purpose)
    const latest = known.at(-1)
    const id = latest?.id ?? `${purpose}-1`
    const wrapped = latest?.wrapped ?? await store.add(id, purpose, wrapKey(masterKeys, newKey(purpose), aboutServerKey(id)))
    if (purpose === 'signing') signing = known.length ? known : [{ id, purpose, wrapped }]
    else keys.set(purpose, { id, key: createSecretKey(raw(id, wrapped)) })
  }
  const secret = (purpose: KeyPurpose) => keys.get(purpose)!
  const mac = (purpose: KeyPurpose, text: string) => createHmac('sha256', secret(purpose).key).update(text).digest()
  return {
    masterKeys, secret, mac,
    keyedHash: (purpose, text) => `${secret(purpose).id}:${mac(purpose, text).toString('hex')}`,
    signingKeys: signing.map(({ id, wrapped, created_at: from }, index) => ({
      id, key: createPrivateKey({ key: raw(id, wrapped), format: 'der', type: 'pkcs8' }),
      validFrom: index === 0 || !from ? null : new Date(from).toISOString(), validUntil: startOf(signing[index + 1]),
    })),
  }
}

const startOf = (next: ServerKeyRow | undefined) => next?.created_at ? new Date(next.created_at).toISOString() : null

/** Where a key of the portal belongs: authenticated with its wrapped form. */
export const aboutServerKey = (id: string): string => `server-key:${id}`

/** The key that signs what carries this time, so that a statement made again later is the same, whatever was rotated since. */
export function signingKeyAt({ signingKeys }: Pick<KeyRing, 'signingKeys'>, at: string): SigningKey {
  const time = Date.parse(at)
  const found = signingKeys.findLast(({ validFrom }) => validFrom === null || Date.parse(validFrom) <= time) ?? signingKeys[0]
  if (!found) throw new Error('no signing key')
  return found
}

/** A new signing key, wrapped. Nothing signs with it before it is kept and its time has come. */
export function newSigningKey(masterKeys: readonly MasterKey[], id: string): string {
  return wrapKey(masterKeys, newKey('signing'), aboutServerKey(id))
}

/** The public half as a JWK (RFC 8037). */
export function publicJwk({ id, key }: SigningKey): Record<string, unknown> {
  return { ...createPublicKey(key).export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'EdDSA' }
}

/** The signing key is an Ed25519 private key in PKCS #8; the others are 32 random bytes. */
function newKey(purpose: KeyPurpose) {
  if (purpose !== 'signing') return randomBytes(32)
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' })
}
