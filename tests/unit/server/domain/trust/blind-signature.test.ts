import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { isSignedBallot, makeBallotKey, nullifierOf, signBlinded } from '#server/domain/trust/blind-signature'
import { blindBallot, unblindBallot } from '#shared/trust/blind-ballot'
import vector from './rfc9474-vector.json' with { type: 'json' }

const text = (hex: string) => Buffer.from(hex, 'hex').toString('base64url')
const whole = (hex: string) => BigInt(`0x${hex}`)
/** The key of the vector, as OpenSSL takes it. */
function keyOfVector() {
  const [p, q, d] = [whole(vector.p), whole(vector.q), whole(vector.d)]
  const part = (number: bigint) => text(number.toString(16).padStart(512, '0'))
  const jwk = { kty: 'RSA', n: text(vector.n), e: text('010001'), d: text(vector.d), p: text(vector.p), q: text(vector.q), dp: part(d % (p - 1n)), dq: part(d % (q - 1n)), qi: part(power(q, p - 2n, p)) }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return { pkcs8: key.export({ type: 'pkcs8', format: 'der' }).toString('base64url'), spki: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64url') }
}
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let [b, e] = [base % modulus, exponent]; e > 0n; e >>= 1n, b = b * b % modulus) if (e & 1n) result = result * b % modulus
  return result
}

describe('the test vector of RFC 9474', () => {
  const { pkcs8, spki } = keyOfVector()

  it('is signed blind as the RFC says', () => {
    expect(signBlinded(pkcs8, text(vector.blinded))).toBe(text(vector.blindSignature))
  })

  it('is unblinded to the signature of the RFC', async () => {
    const ballot = await unblindBallot(spki, { message: text(vector.prepared), blinded: text(vector.blinded), inverse: text(vector.inverse) }, text(vector.blindSignature))

    expect(ballot).toEqual({ message: text(vector.prepared), signature: text(vector.signature) })
    expect(isSignedBallot(spki, ballot)).toBe(true)
  })
})

describe('a ballot', () => {
  let key: Awaited<ReturnType<typeof makeBallotKey>>
  let other: typeof key
  beforeAll(async () => [key, other] = await Promise.all([makeBallotKey(), makeBallotKey()]))

  it('is signed without being seen, and proves itself afterwards', async () => {
    const blinded = await blindBallot(key.spki)

    const ballot = await unblindBallot(key.spki, blinded, signBlinded(key.pkcs8, blinded.blinded))

    expect(isSignedBallot(key.spki, ballot)).toBe(true)
    expect(ballot.signature).not.toBe(signBlinded(key.pkcs8, blinded.blinded))
    expect(nullifierOf(ballot.message)).toMatch(/^[0-9a-f]{64}$/)
    expect((await blindBallot(key.spki)).message).not.toBe(blinded.message)
  })

  it('of another round or community, changed or made up is none', async () => {
    const blinded = await blindBallot(key.spki)
    const ballot = await unblindBallot(key.spki, blinded, signBlinded(key.pkcs8, blinded.blinded))

    expect(isSignedBallot(other.spki, ballot)).toBe(false)
    expect(isSignedBallot(key.spki, { ...ballot, message: randomBytes(64).toString('base64url') })).toBe(false)
    expect(isSignedBallot(key.spki, { ...ballot, signature: randomBytes(256).toString('base64url') })).toBe(false)
    for (const signature of ['', 'x', 'A'.repeat(4000)]) expect(isSignedBallot(key.spki, { ...ballot, signature })).toBe(false)
  })

  it('that the portal tried to mark with another key is noticed on the phone', async () => {
    // Of two keys the one with the smaller modulus cannot sign whatever is blinded for the other.
    const modulus = (spki: string) => createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' }).export({ format: 'jwk' }).n ?? ''
    const [asked, marking] = Buffer.from(modulus(key.spki), 'base64url').compare(Buffer.from(modulus(other.spki), 'base64url')) < 0 ? [key, other] : [other, key]
    const blinded = await blindBallot(asked.spki)

    await expect(unblindBallot(asked.spki, blinded, signBlinded(marking.pkcs8, blinded.blinded))).rejects.toThrow()
  })

  it('is not signed from what is no message of its length', () => {
    for (const blinded of ['', 'AAAA', randomBytes(255).toString('base64url'), Buffer.alloc(256, 255).toString('base64url')]) expect(() => signBlinded(key.pkcs8, blinded)).toThrow(expect.objectContaining({ code: 'ballot_invalid' }))
  })
})
