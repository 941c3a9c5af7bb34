import { isPushAddress } from '#shared/alerts/push-services'
import type { PushSubscriptionKeys } from '#shared/alerts/subscription-schema'
import { AppError } from '#shared/errors'
import type { Limit } from '#server/db/reports'
import { subscriptionQueries } from '#server/db/subscriptions'
import type { Services } from '../../services.ts'
import { handleHash, sealHandleOf, tokenHash } from './subscription-token.ts'

/** A browser's subscription goes on under another push address; what it wanted stays. @throws AppError not_found (also when it has ended), invalid, rate_limited */
export async function moveSubscription({ clients, keys }: Services, token: string, to: PushSubscriptionKeys, { limits, pushServices }: { limits: Limit[], pushServices: readonly string[] }): Promise<void> {
  if (!isPushAddress(to.endpoint, pushServices)) throw new AppError('invalid', {}, { fields: { 'subscription.endpoint': { key: 'alerts.errors.pushService' } } })
  const hash = handleHash(keys, 'webpush', to.endpoint)
  await subscriptionQueries(clients).move(tokenHash(keys, token), { handle_hash: hash, handle_sealed: sealHandleOf(keys, hash, JSON.stringify(to)), limits })
}
