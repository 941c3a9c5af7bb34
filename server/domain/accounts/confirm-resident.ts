import { AppError } from '#shared/errors'
import type { Localised } from '#shared/communities/reference-data'
import type { Limit } from '#server/db/reports'
import { verificationQueries } from '#server/db/verifications'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'
import { shownCodeHash } from './verification-code.ts'

/** An officer confirms the resident in front of them, who shows this code (RULES E1). Logged. @throws AppError invalid (code), forbidden, rate_limited */
export async function confirmResident({ clients, keys }: Services, actor: Actor, code: string, limits: Limit[]): Promise<{ community: Localised }> {
  const { community } = await verificationQueries(clients, actor).confirm(shownCodeHash(keys, code), limits).catch((cause: unknown) => {
    throw cause instanceof AppError && cause.code === 'not_found' ? new AppError('invalid', {}, { fields: { code: { key: 'accounts.errors.shownCodeUnknown' } }, cause }) : cause
  })
  return { community }
}
