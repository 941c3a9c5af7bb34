import { constants, createHash, createPrivateKey, createPublicKey, generateKeyPair, privateDecrypt, publicEncrypt, verify } from 'node:crypto'
import { promisify } from 'node:util'
import { AppError } from '#shared/errors'

/* The signer's half of RFC 9474, RSABSSA-SHA384-PSS-Randomized, on what OpenSSL does anyway. */

/** The RFC asks for 2048 at least; a key signs for one round. */
const modulusLength = 2048
const saltLength = 48

/** A key pair of one occasion and community. DER, base64url: `spki` for everybody, `pkcs8` for the portal alone. */
export async function makeBallotKey(): Promise<{ spki: string, pkcs8: string }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength })
  return { spki: publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'), pkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url') }
}

/** BlindSign, RFC 9474 §4.3. @param blinded base64url @throws AppError ballot_invalid: not a number below the modulus, of its length */
export function signBlinded(pkcs8: string, blinded: string): string {
  const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64url'), format: 'der', type: 'pkcs8' })
  const message = Buffer.from(blinded, 'base64url')
  if (message.length * 8 !== key.asymmetricKeyDetails?.modulusLength) throw new AppError('ballot_invalid')
  let signature: Buffer
  try {
    signature = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, message)
  }
  catch (cause) {
    throw new AppError('ballot_invalid', {}, { cause })
  }
  // A fault in the computation would tell the key.
  if (!publicEncrypt({ key: createPublicKey(key), padding: constants.RSA_NO_PADDING }, signature).equals(message)) throw new Error('the signature is not right')
  return signature.toString('base64url')
}

/** Whether a ballot was signed by this key: RSASSA-PSS-VERIFY, RFC 8017 §8.1.2. All base64url. */
export function isSignedBallot(spki: string, { message, signature }: { message: string, signature: string }): boolean {
  const key = createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' })
  return verify('sha384', Buffer.from(message, 'base64url'), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }, Buffer.from(signature, 'base64url'))
}

/** By what a spent ballot is known: SHA-256 of the signed message, hex. Whoever signed it has never seen either. */
export const nullifierOf = (message: string): string => createHash('sha256').update(Buffer.from(message, 'base64url')).digest('hex')
