import { z } from 'zod'
import { alertColours, alertKinds } from '#shared/alerts/alert-words'
import { subscriptionChannels } from '#shared/alerts/subscription-schema'
import { responseKinds } from '#shared/alerts/responses'
import { localisedSchema } from '#shared/communities/reference-data'
import { localeCodes } from '#shared/locales'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Limit } from './reports.ts'

const done = z.object({ ok: z.literal(true) })
const instant = z.string()

/** Which alerts, with places by id. */
export interface SubscriptionWishes {
  locale: string
  communities: string[]
  grids: string[]
  kinds: string[]
  min_colour: string
  quiet_from: string | null
  quiet_to: string | null
  orange_passes: boolean
}
export interface NewSubscription extends SubscriptionWishes {
  id: string
  channel: (typeof subscriptionChannels)[number]
  token_hash: string
  token_sealed: string
  handle_hash: string
  handle_sealed: string
  chat_hash?: string
  /** By mail: the hash of what the letter box sends back, and what the mail that asks needs. */
  confirm_hash?: string
  params_sealed?: string
  limits: Limit[]
}

const subscription = z.object({
  id: z.uuid(), channel: z.enum(subscriptionChannels), state: z.enum(['pending', 'active', 'ended']), locale: z.enum(localeCodes), communities: z.array(z.uuid()), grids: z.array(z.uuid()), kinds: z.array(z.enum(alertKinds)),
  min_colour: z.enum(alertColours), quiet_from: z.string().nullable(), quiet_to: z.string().nullable(), orange_passes: z.boolean(), created_at: instant, is_own: z.boolean(),
  token_hash: z.string(), token_sealed: z.string().nullable(), handle_hash: z.string().nullable(), handle_sealed: z.string().nullable(),
})
export type SubscriptionRow = z.infer<typeof subscription>
const one = done.extend({ subscription })

/** Who subscribes, where they are signed in. */
interface Owner { userId: string, sessionId: string }
const by = (owner: Owner | undefined) => owner ? { actor: owner.userId, session: owner.sessionId } : {}

/** Subscriptions, for the portal alone: it holds the keys of their hashes. */
export function subscriptionQueries({ server }: Clients) {
  return {
    subscribe: (wanted: NewSubscription, owner?: Owner) => call(server, 'subscribe_to_alerts', { p: { ...wanted, ...by(owner) } as never }, done.extend({ state: z.enum(['pending', 'active']) })),
    confirm: (confirmHash: string, limits: Limit[]) => call(server, 'confirm_subscription', { p: { confirm_hash: confirmHash, limits } as never }, one),
    read: (tokenHash: string) => call(server, 'read_subscription', { p: { token_hash: tokenHash } }, one),
    change: (tokenHash: string, wishes: SubscriptionWishes) => call(server, 'change_subscription', { p: { token_hash: tokenHash, ...wishes } as never }, one),
    move: (tokenHash: string, handle: { handle_hash: string, handle_sealed: string, limits: Limit[] }) => call(server, 'move_subscription', { p: { token_hash: tokenHash, ...handle } as never }, one),
    end: (of: { token_hash: string } | { chat_hash: string }) => call(server, 'unsubscribe_from_alerts', { p: of }, done.extend({ ended: z.number() })),
    list: (of: Owner | { chatHash: string }) => call(server, 'list_subscriptions', { p: 'chatHash' in of ? { chat_hash: of.chatHash } : by(of) }, done.extend({ subscriptions: z.array(subscription) })),
    expand: (limit: number) => call(server, 'expand_alert', { p: { limit } }, done.extend({ alert: z.uuid().nullable(), added: z.number(), is_finished: z.boolean(), has_more: z.boolean() })),
    foreseeExpansions: () => call(server, 'foresee_expansions', undefined as never, done.extend({ alerts: z.number() })),
    retain: (limit: number, isDry = false) => call(server, 'retain_alerts', { p: { limit, is_dry: isDry } }, done.extend({ unconfirmed: z.number(), subscriptions: z.number(), audiences: z.number(), responses: z.number(), has_more: z.boolean() })),
  }
}

/** An answer as it is kept. `who_hash`: keyed, of a subscription, a chat or a cookie. */
export interface NewResponse { identifier: string, kind: string, who_hash: string, channel: string, locale: string, token_hash?: string, chat_hash?: string, community?: string, text_sealed?: string, limits: Limit[] }

const counts = z.object({ community: z.uuid().nullable(), told: z.number(), sent: z.number(), seen: z.number(), safe: z.number(), help: z.number(), know: z.number() })
const progress = z.object({
  is_written: z.boolean(), people: z.number(), communities: z.array(counts),
  channels: z.array(z.object({ channel: z.enum(subscriptionChannels), queued: z.number(), sent: z.number(), failed: z.number(), stopped: z.number() })),
})

/** Answers to alerts, and how far one came. @param actor of the desk; without one for the public page */
export function responseQueries({ server }: Clients) {
  return {
    respond: (response: NewResponse) => call(server, 'respond_to_alert', { p: { ...response } as never }, done.extend({ is_new: z.boolean(), has_duty: z.boolean() })),
    progress: (identifier: string, actor?: Owner) => call(server, 'read_alert_progress', { p: { identifier, ...by(actor) } }, done.extend({ progress })),
  }
}

const waiting = z.object({
  id: z.uuid(), alert: z.string(), kind: z.enum(responseKinds), at: instant, community: z.uuid().nullable(), channel: z.string(), locale: z.enum(localeCodes), has_text: z.boolean(), came_late: z.boolean(), handled_at: instant.nullable(), handled_by: localisedSchema.nullable(),
})

/** Calls for help and what people know, at the desk; under the token of whoever reads. */
export function deskResponseQueries({ as }: Clients, { accessToken }: DeskActor) {
  const own = as(accessToken)
  return {
    list: (of: { identifier?: string, kind?: 'help' | 'know', is_open?: boolean, before?: string }) => call(own, 'list_alert_responses', { p: of }, done.extend({ open: z.number(), responses: z.array(waiting) })),
    open: (id: string) => call(own, 'open_alert_response', { p: { id } }, done.extend({ alert: z.string(), kind: z.enum(responseKinds), who_hash: z.string(), words_sealed: z.array(z.string()) })),
    handle: (id: string) => call(own, 'handle_alert_response', { p: { id } }, done),
  }
}
