import { Secret, TOTP } from 'otpauth'

/** RFC 6238 as every authenticator app takes it: SHA-1, six digits, 30 seconds. */
const periodSeconds = 30
const settings = { algorithm: 'SHA1', digits: 6, period: periodSeconds } as const

/** 160 random bits, as RFC 4226 asks, in base32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/**
 * The 30-second step whose code this is, now or one step to either side (RFC 6238, 5.2); undefined for a wrong code.
 * @param now milliseconds
 */
export function stepOf(secret: string, code: string, now: number): number | undefined {
  const delta = new TOTP({ ...settings, secret: Secret.fromBase32(secret) }).validate({ token: code, timestamp: now, window: 1 })
  return delta === null ? undefined : Math.floor(now / 1000 / periodSeconds) + delta
}

/** What the QR code says. @see https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export const otpauthAddress = (secret: string, issuer: string, label: string): string => new TOTP({ ...settings, issuer, label, secret: Secret.fromBase32(secret) }).toString()
