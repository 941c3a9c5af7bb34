/*
  Web Push as the standards have it, with Node's own cryptography: the payload is sealed for one browser (RFC 8291, aes128gcm of RFC 8188), the sender shows who it is (VAPID, RFC 8292).
  Why no library: docs/decisions/web-push.md. The test has the example of RFC 8291.
*/
import { createCipheriv, createECDH, createPrivateKey, hkdfSync, randomBytes, sign, type KeyObject } from 'node:crypto'

/** Of the record, as the header says; one record is all that push services take (RFC 8291 §4). */
const recordSize = 4096
/** Header (salt, size, key), tag and delimiter leave this. */
const longestPlain = recordSize - 16 - 4 - 1 - 65 - 16 - 1

export interface BrowserKeys { p256dh: string, auth: string }

const bytesOf = (text: string) => Buffer.from(text, 'base64url')

/**
 * Seals a payload for one browser.
 * @param paddedTo bytes to which it is filled up, so that its length tells nothing
 * @param made for the test with the standard's example: what is otherwise random
 */
export function sealForBrowser(payload: string, { p256dh, auth }: BrowserKeys, paddedTo: number, made: { salt?: Buffer, privateKey?: Buffer } = {}): Buffer {
  const plain = Buffer.from(payload)
  const size = Math.max(plain.length, Math.min(paddedTo, longestPlain))
  if (plain.length > longestPlain) throw new RangeError('a payload of a push is too long')
  const own = createECDH('prime256v1')
  if (made.privateKey) own.setPrivateKey(made.privateKey)
  else own.generateKeys()
  const [theirs, ours] = [bytesOf(p256dh), own.getPublicKey()]
  const salt = made.salt ?? randomBytes(16)
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours])
  const secret = Buffer.from(hkdfSync('sha256', own.computeSecret(theirs), bytesOf(auth), keyInfo, 32))
  const key = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12))
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  // 0x02 ends the text of the last record, zeros fill it up.
  const sealed = Buffer.concat([cipher.update(plain), cipher.update(Buffer.from([2])), cipher.update(Buffer.alloc(size - plain.length)), cipher.final(), cipher.getAuthTag()])
  const header = Buffer.alloc(21)
  salt.copy(header)
  header.writeUInt32BE(recordSize, 16)
  header.writeUInt8(ours.length, 20)
  return Buffer.concat([header, ours, sealed])
}

/** The key by which push services know this station. `publicKey` is what browsers are told: base64url of the point. */
export interface VapidKey { key: KeyObject, publicKey: string }

/** @param privateKey base64url of 32 bytes @throws when it is none of the curve */
export function openVapidKey(privateKey: string): VapidKey {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(bytesOf(privateKey))
  const point = curve.getPublicKey()
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')]
  return { key: createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d: bytesOf(privateKey).toString('base64url'), x, y }, format: 'jwk' }), publicKey: point.toString('base64url') }
}

/** `Authorization` for one push service, good until `expires` (RFC 8292: a day at most). @param subject mailto: or https: of whoever answers for this station */
export function vapidHeader({ key, publicKey }: VapidKey, origin: string, subject: string, expires: Date): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = `${part({ typ: 'JWT', alg: 'ES256' })}.${part({ aud: origin, exp: Math.floor(expires.getTime() / 1000), sub: subject })}`
  return `vapid t=${token}.${sign('sha256', Buffer.from(token), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}, k=${publicKey}`
}
