import { z } from 'zod'
import { localeCodes } from '../locales.ts'
import { minutesOf } from '../messages/quiet-hours.ts'
import { alertColours, alertKinds } from './alert-words.ts'
import { responseKinds } from './responses.ts'

/* Subscriptions to alerts and what comes back from them, as the API takes them; pages and chat use the same wishes. */

export const subscriptionChannels = ['email', 'webpush', 'telegram'] as const
export type SubscriptionChannel = (typeof subscriptionChannels)[number]

const time = z.string().refine(text => minutesOf(text) !== undefined, 'time')
export const quietHoursSchema = z.object({ from: time, to: time, orangePasses: z.boolean().default(true).meta({ description: 'Whether orange warnings come in quiet hours; red ones always do' }) })
  .refine(({ from, to }) => from !== to, { path: ['to'], message: 'invalid' })

/** Which alerts somebody wants. No place named: those of the whole station. */
export const alertWishesSchema = z.object({
  communities: z.array(z.string().max(60)).max(50, 'tooMany').default([]).meta({ description: 'Slugs' }),
  grids: z.array(z.uuid()).max(200, 'tooMany').default([]),
  kinds: z.array(z.enum(alertKinds)).min(1, 'choose').max(4).default([...alertKinds]),
  minColour: z.enum(alertColours).default('blue').meta({ description: 'Warnings of this colour and more serious ones' }),
  locale: z.enum(localeCodes),
  quietHours: quietHoursSchema.nullable().default(null),
})
export type AlertWishes = z.infer<typeof alertWishesSchema>

const base64url = (bytes: number) => z.string().max(200).refine(text => /^[\w-]+={0,2}$/.test(text) && Math.floor(text.replace(/=+$/, '').length * 3 / 4) === bytes, 'invalid')
/** What a browser's `PushSubscription.toJSON()` gives. Which services are pushed to is a setting (RULES G4). */
export const pushSubscriptionSchema = z.object({ endpoint: z.url().max(2000), keys: z.object({ p256dh: base64url(65), auth: base64url(16) }) })
export type PushSubscriptionKeys = z.infer<typeof pushSubscriptionSchema>

/** `POST /api/subscriptions` */
export const subscribeSchema = z.discriminatedUnion('channel', [
  alertWishesSchema.extend({ channel: z.literal('email'), address: z.email('email').max(254) }),
  alertWishesSchema.extend({ channel: z.literal('webpush'), subscription: pushSubscriptionSchema }),
])
export type Subscribe = z.infer<typeof subscribeSchema>

/** `PUT /api/subscriptions/{token}` */
export const moveSubscriptionSchema = z.object({ subscription: pushSubscriptionSchema })

/** `token` comes where no letter box has to say yes first; keep it: it changes and ends the subscription. */
export const subscribedSchema = z.object({ state: z.enum(['pending', 'active']), token: z.string().optional() })
export type Subscribed = z.infer<typeof subscribedSchema>

export const subscriptionPathSchema = z.object({ token: z.string().regex(/^[\w-]{32}$/) })

/** A subscription as whoever holds its token sees it. Of one that has ended nothing is left but that it has. */
export interface ShownSubscription {
  channel: SubscriptionChannel
  state: 'pending' | 'active' | 'ended'
  /** A masked address; null for a browser, a chat, or one that has ended. */
  address: string | null
  wishes: AlertWishes
  createdAt: string
}

/** `POST /api/alerts/{identifier}/responses` */
export const respondSchema = z.object({
  kind: z.enum(responseKinds),
  text: z.string().trim().min(1).max(2000, 'textMax').optional().meta({ description: 'Of help and know: where you are, what you saw. Sealed at once; officers open it, and that is logged' }),
  community: z.string().max(60).optional().meta({ description: 'Slug of where you are' }),
  token: subscriptionPathSchema.shape.token.optional().meta({ description: 'Of your subscription, if you have one; otherwise a cookie tells your answers from others’' }),
  locale: z.enum(localeCodes).default('zh'),
})
export type Respond = z.infer<typeof respondSchema>
/** In danger call first: the number is that of the police. `hasDuty`: somebody at the station was called. */
export const respondedSchema = z.object({ kind: z.enum(responseKinds), isNew: z.boolean(), hasDuty: z.boolean(), call: z.string().optional() })
export type Responded = z.infer<typeof respondedSchema>
