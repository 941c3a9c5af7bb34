import { Secret, TOTP } from 'otpauth'

/** RFC 6238 as every authenticator app takes it: SHA-1, six digits, 30 seconds. */
const periodSeconds = 30
const settings = { algorithm: 'SHA1', digits: 6, period: periodSeconds } as const

/** 160 random bits, as RFC 4226 asks, in base32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/** The code of a step: the seconds since 1970 in thirties. */
export const codeOf = (secret: string, step: number): string => new TOTP({ ...settings, secret: Secret.fromBase32(secret) }).generate({ timestamp: step * periodSeconds * 1000 })

/**
 * The 30-second step whose code this is, now or a few steps to either side, the nearest first (RFC 6238, 5.2); undefined for a wrong code.
 * @param now milliseconds
 * @param reach how many steps back and ahead; one each unless said otherwise
 */
export function stepOf(secret: string, code: string, now: number, { back = 1, ahead = 1 }: { back?: number, ahead?: number } = {}): number | undefined {
  const totp = new TOTP({ ...settings, secret: Secret.fromBase32(secret) })
  const current = Math.floor(now / 1000 / periodSeconds)
  const steps = Array.from({ length: back + 1 + ahead }, (_, index) => current - back + index).toSorted((one, other) => Math.abs(one - current) - Math.abs(other - current))
  return steps.find(step => totp.validate({ token: code, timestamp: step * periodSeconds * 1000, window: 0 }) !== null)
}

/** What the QR code says. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export const otpauthAddress = (secret: string, issuer: string, label: string): string => new TOTP({ ...settings, issuer, label, secret: Secret.fromBase32(secret) }).toString()
