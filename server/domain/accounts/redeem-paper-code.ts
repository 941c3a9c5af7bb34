import { AppError } from '#shared/errors'
import type { Limit } from '#server/db/reports'
import { verificationQueries } from '#server/db/verifications'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'
import { paperCodeHash } from './verification-code.ts'

/**
 * Verifies the signed-in resident by a paper code (RULES E1). Wrong, used, expired and revoked codes answer alike.
 * @param limits guesses
 * @throws AppError invalid (code), already_verified, forbidden (staff), rate_limited
 */
export async function redeemPaperCode({ clients, keys }: Services, actor: Actor, code: string, limits: Limit[]): Promise<void> {
  await verificationQueries(clients, actor).redeem(paperCodeHash(keys, code), limits).catch((cause: unknown) => {
    throw cause instanceof AppError && cause.code === 'not_found' ? new AppError('invalid', {}, { fields: { code: { key: 'accounts.errors.paperCodeUnknown' } }, cause }) : cause
  })
}
