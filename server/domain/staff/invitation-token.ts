import { randomBytes } from 'node:crypto'
import type { SealedInvitation } from '#server/db/people'
import type { KeyRing } from '../trust/key-ring.ts'
import { sealText } from '../trust/envelope.ts'

/** The secret part of an invitation's link: 256 random bits, used once. */
export const newInvitationToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of it. */
export const invitationTokenHash = (keys: KeyRing, token: string): string => keys.keyedHash('index', `invitation ${token}`)

/** Token and address as the database keeps them: one as a hash, both sealed for the outbox (RULES H1). */
export function sealInvitation(keys: KeyRing, { token, email }: { token: string, email: string }): SealedInvitation {
  const { id, key } = keys.secret('outbox')
  return {
    token_hash: invitationTokenHash(keys, token),
    recipient_sealed: sealText(key, email, 'outbox:recipient', id),
    params_sealed: sealText(key, JSON.stringify({ token }), 'outbox:params', id),
  }
}
