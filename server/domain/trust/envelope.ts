/*
  Envelope encryption (RULES B2, B5).
    master key   `LINLI_MASTER_KEYS`, wraps data keys and the portal's own keys, reads nothing else
    data key     32 random bytes for one report (its content, its contact) or one file
    sealed text  v1.<key id>.<iv>.<ciphertext and tag>, each part base64url; AES-256-GCM, 96-bit random iv
  `about` is authenticated with the text: a sealed text moved to another row or column does not open.
*/
import { createCipheriv, createDecipheriv, createSecretKey, KeyObject, randomBytes } from 'node:crypto'

/** Keys that stay are key objects: Node prepares them once, which makes an HMAC or a seal up to four times cheaper (measured). */
export type SecretKey = Buffer | KeyObject

export interface MasterKey { id: string, key: SecretKey }

/** A cipher with raw bytes costs thrice a cipher with the same bytes as a key object (measured), also when the object is made for it. */
const prepared = (key: SecretKey) => key instanceof KeyObject ? key : createSecretKey(key)

/** A sealed text that does not open: wrong key, wrong place, or changed. Never shown to people. */
export class SealError extends Error {
  override name = 'SealError'
}

/**
 * Encrypts a text under a key.
 * @param about where the text belongs, such as `report:<id>:content`
 * @param keyId named in the text; `d` for a data key
 */
export function sealText(key: SecretKey, text: string | Buffer, about: string, keyId = 'd'): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', prepared(key), iv)
  cipher.setAAD(Buffer.from(about))
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
  return `v1.${keyId}.${iv.toString('base64url')}.${sealed.toString('base64url')}`
}

/** Decrypts what `sealText` made. @throws SealError */
export function openBytes(key: SecretKey, sealed: string, about: string): Buffer {
  const [version, , iv, body] = sealed.split('.')
  if (version !== 'v1' || !iv || !body) throw new SealError('not a sealed text')
  const bytes = Buffer.from(body, 'base64url')
  try {
    const decipher = createDecipheriv('aes-256-gcm', prepared(key), Buffer.from(iv, 'base64url'))
    decipher.setAAD(Buffer.from(about))
    decipher.setAuthTag(bytes.subarray(-16))
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
  }
  catch (cause) {
    throw new SealError('a sealed text does not open', { cause })
  }
}

/** Decrypts a text. @throws SealError */
export function openText(key: SecretKey, sealed: string, about: string): string {
  return openBytes(key, sealed, about).toString('utf8')
}

/** A new data key and its wrapped form under the first master key. @param about as for `sealText` */
export function newDataKey(masterKeys: readonly MasterKey[], about: string): { key: Buffer, wrapped: string } {
  const key = randomBytes(32)
  return { key, wrapped: wrapKey(masterKeys, key, about) }
}

/** Wraps a key under the first master key. @throws SealError without a master key */
export function wrapKey(masterKeys: readonly MasterKey[], key: Buffer, about: string): string {
  const [master] = masterKeys
  if (!master) throw new SealError('no master key')
  return sealText(master.key, key, about, master.id)
}

/** Unwraps a key with whichever master key it names. @throws SealError when that key is not among them */
export function unwrapKey(masterKeys: readonly MasterKey[], wrapped: string, about: string): Buffer {
  const id = wrapped.split('.')[1]
  const master = masterKeys.find(candidate => candidate.id === id)
  if (!master) throw new SealError(`the master key ${id} is not configured`)
  return openBytes(master.key, wrapped, about)
}

/** Reads `id:base64 of 32 bytes,…` as kept in keys.json of a demo station. Settings are parsed in server/config.ts. */
export function parseMasterKeys(text: string): MasterKey[] {
  return text.split(',').map((entry) => {
    const [id = '', encoded = ''] = entry.trim().split(':')
    const key = Buffer.from(encoded, 'base64')
    if (!id || key.length !== 32) throw new SealError('a master key is id:base64 of 32 bytes')
    return { id, key: createSecretKey(key) }
  })
}
