import type { DeskSession, SecondCode } from '#shared/staff/second-factor'
import { AppError } from '#shared/errors'
import { secondFactorQueries } from '#server/db/second-factor'
import type { DeskActor } from '#server/db/desk-reports'
import type { Limit } from '#server/db/reports'
import type { KeyRing } from '../trust/key-ring.ts'
import { openText, sealText } from '../trust/envelope.ts'
import type { Services } from '../services.ts'
import { toDeskSession } from './desk-session.ts'
import { stepOf } from './totp.ts'

/** Under a key of the portal, which the master key wraps: a rotation re-wraps one key, and every secret goes on opening (RULES B5). */
const keyOf = (keys: KeyRing) => keys.mac('index', 'second factor')
const about = (userId: string) => `second-factor:${userId}`
/** A TOTP secret as it is kept. */
export const sealSecret = (keys: KeyRing, userId: string, secret: string): string => sealText(keyOf(keys), secret, about(userId))
/** The secret again, in memory only. @throws SealError */
export const openSecret = (keys: KeyRing, userId: string, sealed: string): string => openText(keyOf(keys), sealed, about(userId))

/** What is kept of a recovery code. */
export const recoveryHash = (keys: KeyRing, userId: string, code: string): string => keys.keyedHash('index', `recovery code ${userId} ${code}`)

/** What a wrong code is answered with, under its field. */
export const wrongCode = (cause?: unknown): AppError => new AppError('invalid', {}, { fields: { code: { key: 'staff.errors.wrongCode' } }, cause })

/** `isKnown`: this device has been through a whole sign-in of the account; `limits` are then its own. */
export interface CodeTry { code: SecondCode, limits: Limit[], isKnown: boolean, /** Milliseconds. */ now: number }

/**
 * Shows a code: opens the desk after the sign-in, unlocks it, and proves the person before device or codes change. Each code works once.
 * @throws AppError invalid (a wrong, used or old code), rate_limited, conflict (no second factor yet), session_ended, forbidden
 */
export async function verifyCode({ clients, keys }: Services, actor: DeskActor, { code, limits, isKnown, now }: CodeTry): Promise<DeskSession> {
  const queries = secondFactorQueries(clients, actor)
  const { secret_sealed } = await queries.check(limits, isKnown)
  const outcome = 'recovery' in code ? { recovery_hash: recoveryHash(keys, actor.userId, code.recovery) } : { step: stepOf(openSecret(keys, actor.userId, secret_sealed), code.totp, now) }
  return toDeskSession(await queries.settle(limits, isKnown, outcome).catch((thrown: unknown) => {
    throw thrown instanceof AppError && thrown.code === 'wrong_code' ? wrongCode(thrown) : thrown
  }))
}
