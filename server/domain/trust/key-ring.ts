import { createHmac, createPrivateKey, createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'
import { unwrapKey, wrapKey, type MasterKey } from './envelope.ts'

/** What the portal's own keys are for. Each is kept wrapped in `private.server_keys`. */
export const keyPurposes = ['receipt', 'index', 'address', 'challenge', 'signing', 'outbox'] as const
export type KeyPurpose = typeof keyPurposes[number]

export interface ServerKeyRow { id: string, purpose: string, wrapped: string }

/** Where the rows live: `list` reads all, `add` keeps the first of an id and answers with the one that is kept. */
export interface KeyStore {
  list: () => Promise<ServerKeyRow[]>
  add: (id: string, purpose: KeyPurpose, wrapped: string) => Promise<string>
}

export interface KeyRing {
  masterKeys: readonly MasterKey[]
  /** `<key id>:<64 hex>`: HMAC-SHA-256 of a text, kept in look-up columns. */
  keyedHash: (purpose: 'receipt' | 'index' | 'address', text: string) => string
  /** Raw HMAC-SHA-256. */
  mac: (purpose: KeyPurpose, text: string) => Buffer
  secret: (purpose: KeyPurpose) => { id: string, key: KeyObject }
}

/**
 * Loads the portal's keys, making on first start those that are missing. Two workers may race: the database keeps one.
 * HMAC keys never change under a rotation of the master key, they are only wrapped anew (RULES B5).
 */
export async function openKeyRing(masterKeys: readonly MasterKey[], store: KeyStore): Promise<KeyRing> {
  const rows = await store.list()
  const keys = new Map<KeyPurpose, { id: string, key: KeyObject }>()
  for (const purpose of keyPurposes) {
    const known = rows.filter(row => row.purpose === purpose).at(-1)
    const id = known?.id ?? `${purpose}-1`
    const wrapped = known?.wrapped ?? await store.add(id, purpose, wrapKey(masterKeys, newKey(purpose), `server-key:${id}`))
    const raw = unwrapKey(masterKeys, wrapped, `server-key:${id}`)
    keys.set(purpose, { id, key: purpose === 'signing' ? createPrivateKey({ key: raw, format: 'der', type: 'pkcs8' }) : createSecretKey(raw) })
  }
  const secret = (purpose: KeyPurpose) => keys.get(purpose)!
  const mac = (purpose: KeyPurpose, text: string) => createHmac('sha256', secret(purpose).key).update(text).digest()
  return { masterKeys, secret, mac, keyedHash: (purpose, text) => `${secret(purpose).id}:${mac(purpose, text).toString('hex')}` }
}

/** The signing key is an Ed25519 private key in PKCS #8; the others are 32 random bytes. */
function newKey(purpose: KeyPurpose) {
  if (purpose !== 'signing') return randomBytes(32)
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' })
}
