import { randomUUID } from 'node:crypto'
import { type Answer, type Submission, aHash, answerOf, sealed } from './reports-builder.ts'
import type { World } from './world.ts'

/** What the portal sends when a browser asks for every alert of the station; change what the test is about. */
export function aWish(changes: Submission = {}): Submission {
  const [tokenHash, handleHash] = [aHash(), aHash()]
  return {
    id: randomUUID(), channel: 'webpush', token_hash: tokenHash, token_sealed: sealed('token'), handle_hash: handleHash, handle_sealed: sealed('handle'), locale: 'zh', communities: [], grids: [],
    kinds: ['warning', 'tip', 'solved', 'notice'], min_colour: 'blue', orange_passes: true, limits: [], ...changes,
  }
}
/** The same by mail: it waits for a yes. */
export const aMailWish = (changes: Submission = {}): Submission => aWish({ channel: 'email', confirm_hash: aHash(), params_sealed: sealed('{}'), ...changes })

export interface Subscriber { id: string, token_hash: string, handle_hash: string, chat_hash?: string }
const subscriberOf = (wish: Submission) => wish as unknown as Subscriber

export const ask = (world: World, name: string, p: Submission): Promise<Answer> => answerOf(world.server.rpc(name, { p }))

/** Somebody who gets alerts. */
export async function aSubscriber(world: World, changes: Submission = {}): Promise<Subscriber> {
  const wish = changes.channel === 'email' ? aMailWish(changes) : aWish(changes)
  const answer = await ask(world, 'subscribe_to_alerts', wish)
  if (!answer.ok) throw new Error(`refused: ${answer.code}`)
  if (wish.channel === 'email') await ask(world, 'confirm_subscription', { confirm_hash: wish.confirm_hash, limits: [] })
  return subscriberOf(wish)
}
export const leave = (world: World, { token_hash: tokenHash }: Pick<Subscriber, 'token_hash'>) => ask(world, 'unsubscribe_from_alerts', { token_hash: tokenHash })

/** Writes all audiences out, so many subscriptions a page. */
export async function expandAll(world: World, limit = 1000): Promise<void> {
  for (let hasMore = true; hasMore;) hasMore = (await ask(world, 'expand_alert', { limit })).has_more === true
}

/** Whom a message is for. */
export const toldOf = async (world: World, identifier: string): Promise<string[]> =>
  (await world.sql<{ id: string }[]>`select x.subscription_id as id from private.alert_audience x join public.alerts a on a.id = x.alert_id where a.identifier = ${identifier}`).map(({ id }) => id)
/** What waits, and what became of the rest. */
export const rowsOf = (world: World, identifier: string) =>
  world.sql<{ id: string, subscription_id: string, status: string, last_error: string | null, template: string, priority: number, send_after: Date }[]>`
    select o.id, o.subscription_id, o.status, o.last_error, o.template, o.priority, o.send_after from public.outbox o join public.alerts a on a.id = o.noun_id where o.noun = 'alerts' and a.identifier = ${identifier} and o.subscription_id is not null order by o.id`
