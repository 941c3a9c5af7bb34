import { randomUUID } from 'node:crypto'
import { isPushAddress } from '#shared/alerts/push-services'
import type { AlertWishes, Subscribe, Subscribed } from '#shared/alerts/subscription-schema'
import type { ReferenceData } from '#shared/communities/reference-data'
import { AppError } from '#shared/errors'
import type { Limit } from '#server/db/reports'
import { subscriptionQueries, type SubscriptionWishes } from '#server/db/subscriptions'
import type { Actor } from '../../accounts/actor.ts'
import { sealHandle } from '../../chat/telegram-handle.ts'
import { getReferenceData } from '../../communities/get-reference-data.ts'
import type { Services } from '../../services.ts'
import { sealText } from '../../trust/envelope.ts'
import { confirmHash, handleHash, newToken, sealedToken, sealHandleOf } from './subscription-token.ts'

/** Wishes as the database takes them: places by id. @throws AppError invalid */
export function wishesRow({ communities }: Pick<ReferenceData, 'communities'>, { communities: slugs, grids, kinds, minColour, locale, quietHours }: AlertWishes): SubscriptionWishes {
  const places = slugs.map(slug => communities.find(known => known.slug === slug)?.id)
  if (places.includes(undefined)) throw new AppError('invalid', {}, { fields: { communities: { key: 'alerts.errors.noSuchPlace' } } })
  if (!grids.every(id => communities.some(community => community.grids.some(grid => grid.id === id)))) throw new AppError('invalid', {}, { fields: { grids: { key: 'alerts.errors.noSuchPlace' } } })
  return {
    locale, communities: places.filter(id => id !== undefined), grids, kinds: [...new Set(kinds)], min_colour: minColour,
    quiet_from: quietHours?.from ?? null, quiet_to: quietHours?.to ?? null, orange_passes: quietHours?.orangePasses ?? true,
  }
}

/**
 * Somebody wants alerts by mail or in their browser. By mail a letter box must say yes within 48 hours; the answer is the same whether the address is known or not.
 * @param how `services`: which push services may be pushed to; none: this station does not push. `limits`: of the address that asks, and for mail of the letter box
 * @throws AppError rate_limited, invalid
 */
export async function subscribe(services: Services, wanted: Subscribe, { limits, pushServices, owner }: { limits: Limit[], pushServices: readonly string[], owner?: Actor | undefined }): Promise<Subscribed> {
  const { clients, keys } = services
  const wishes = wishesRow(await getReferenceData(services), wanted)
  const { token, ...tokens } = sealedToken(keys)
  const row = { id: randomUUID(), ...wishes, ...tokens, limits }
  if (wanted.channel === 'webpush') {
    const { endpoint } = wanted.subscription
    if (!isPushAddress(endpoint, pushServices)) throw new AppError('invalid', {}, { fields: { 'subscription.endpoint': { key: 'alerts.errors.pushService' } } })
    const hash = handleHash(keys, 'webpush', endpoint)
    const { state } = await subscriptionQueries(clients).subscribe({ ...row, channel: 'webpush', handle_hash: hash, handle_sealed: sealHandleOf(keys, hash, JSON.stringify(wanted.subscription)) }, owner)
    return { state, token }
  }
  const address = wanted.address.trim()
  const hash = handleHash(keys, 'email', address)
  const confirm = newToken()
  const { id, key } = keys.secret('outbox')
  const { state } = await subscriptionQueries(clients).subscribe({
    ...row, channel: 'email', handle_hash: hash, handle_sealed: sealHandleOf(keys, hash, address), confirm_hash: confirmHash(keys, confirm), params_sealed: sealText(key, JSON.stringify({ confirm }), 'outbox:params', id),
  }, owner)
  return { state }
}

/** A chat wants alerts; it has asked itself, so it gets them at once. What it asked for before is replaced. @throws AppError rate_limited, invalid */
export async function subscribeChat(services: Services, { chatHash, chatId }: { chatHash: string, chatId: number }, wishes: AlertWishes, limits: Limit[] = []): Promise<{ token: string }> {
  const { clients, keys } = services
  const { token, ...tokens } = sealedToken(keys)
  await subscriptionQueries(clients).subscribe({
    id: randomUUID(), ...wishesRow(await getReferenceData(services), wishes), ...tokens, limits, channel: 'telegram', handle_hash: chatHash, chat_hash: chatHash, handle_sealed: sealHandle(keys, chatHash, chatId),
  })
  return { token }
}
