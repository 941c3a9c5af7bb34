import type { AlertWishes, ShownSubscription } from '#shared/alerts/subscription-schema'
import type { ReferenceData } from '#shared/communities/reference-data'
import type { Limit } from '#server/db/reports'
import { subscriptionQueries, type SubscriptionRow } from '#server/db/subscriptions'
import type { Actor } from '../../accounts/actor.ts'
import { getReferenceData } from '../../communities/get-reference-data.ts'
import type { Services } from '../../services.ts'
import type { KeyRing } from '../../trust/key-ring.ts'
import { confirmHash, openHandleOf, openToken, tokenHash } from './subscription-token.ts'
import { wishesRow } from './subscribe.ts'

/** `name@host` as its owner knows it again and nobody else learns it. */
const masked = (address: string) => `${address.slice(0, 1)}•••@${address.split('@').at(-1)}`

function shown(keys: KeyRing, { communities }: Pick<ReferenceData, 'communities'>, row: SubscriptionRow): ShownSubscription {
  return {
    channel: row.channel, state: row.state, createdAt: row.created_at, address: row.channel === 'email' && row.handle_sealed ? masked(openHandleOf(keys, row)) : null,
    wishes: {
      communities: communities.filter(({ id }) => row.communities.includes(id)).map(({ slug }) => slug), grids: row.grids, kinds: row.kinds, minColour: row.min_colour, locale: row.locale,
      quietHours: row.quiet_from !== null && row.quiet_to !== null ? { from: row.quiet_from, to: row.quiet_to, orangePasses: row.orange_passes } : null,
    },
  }
}

/** The yes from a letter box; a second one is the same. @returns with the token of its settings @throws AppError not_found (wrong, or after 48 hours), rate_limited */
export async function confirmSubscription(services: Services, confirm: string, limits: Limit[]): Promise<ShownSubscription & { token: string }> {
  const { subscription } = await subscriptionQueries(services.clients).confirm(confirmHash(services.keys, confirm), limits)
  return { ...shown(services.keys, await getReferenceData(services), subscription), token: openToken(services.keys, subscription) }
}

/** What a token stands for. @throws AppError not_found */
export async function readSubscription(services: Services, token: string): Promise<ShownSubscription> {
  const { subscription } = await subscriptionQueries(services.clients).read(tokenHash(services.keys, token))
  return shown(services.keys, await getReferenceData(services), subscription)
}

/** All wishes anew. @throws AppError not_found (also when it has ended), invalid */
export async function changeSubscription(services: Services, token: string, wishes: AlertWishes): Promise<ShownSubscription> {
  const reference = await getReferenceData(services)
  const { subscription } = await subscriptionQueries(services.clients).change(tokenHash(services.keys, token), wishesRow(reference, wishes))
  return shown(services.keys, reference, subscription)
}

/** Ends it, as often as somebody likes: the handle is forgotten and what waits is not sent. @throws AppError not_found */
export async function unsubscribeFromAlerts({ clients, keys }: Services, token: string): Promise<void> {
  await subscriptionQueries(clients).end({ token_hash: tokenHash(keys, token) })
}

/** A chat wants no more alerts. @returns whether it had any; asked twice is no fault */
export async function unsubscribeChat({ clients }: Services, chatHash: string): Promise<boolean> {
  const { subscriptions } = await subscriptionQueries(clients).list({ chatHash })
  if (!subscriptions.length) return false
  return (await subscriptionQueries(clients).end({ chat_hash: chatHash })).ended > 0
}

/** What an account, or a chat, asked for: each with its token. */
export async function listSubscriptions(services: Services, of: Actor | { chatHash: string }): Promise<(ShownSubscription & { token: string })[]> {
  const [reference, { subscriptions }] = await Promise.all([getReferenceData(services), subscriptionQueries(services.clients).list(of)])
  return subscriptions.map(row => ({ ...shown(services.keys, reference, row), token: openToken(services.keys, row) }))
}
