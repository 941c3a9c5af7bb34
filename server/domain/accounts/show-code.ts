import { AppError } from '#shared/errors'
import type { Limit } from '#server/db/reports'
import { verificationQueries } from '#server/db/verifications'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'
import { newShownCode, shownCodeHash } from './verification-code.ts'

/**
 * A code of ten minutes that the resident shows to an officer.
 * @throws AppError community_missing, already_verified, forbidden (staff), rate_limited
 */
export async function showCode({ clients, keys }: Services, actor: Actor, limits: Limit[]): Promise<string> {
  // Of two people who draw the same digits the second draws again.
  for (let draw = 0; ; draw++) {
    const code = newShownCode()
    try {
      await verificationQueries(clients, actor).requestConfirmation(shownCodeHash(keys, code), limits)
      return code
    }
    catch (thrown) {
      if (draw < 3 && thrown instanceof AppError && thrown.code === 'conflict') continue
      throw thrown
    }
  }
}
