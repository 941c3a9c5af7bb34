import { randomBytes } from 'node:crypto'
import { pushSubscriptionSchema, type PushSubscriptionKeys } from '#shared/alerts/subscription-schema'
import type { Locale } from '#shared/locales'
import type { Services } from '../../services.ts'
import { openText, sealText } from '../../trust/envelope.ts'
import type { KeyRing } from '../../trust/key-ring.ts'

/* What only the keys tell of a subscription: its token, and where it is sent. The database has hashes of both, and both sealed. */

const aboutToken = (tokenHash: string) => `subscription-token:${tokenHash}`
const aboutHandle = (handleHash: string) => `subscription:${handleHash}`

/** 192 random bits: whoever has it changes and ends the subscription, and nothing else. */
export const newToken = (): string => randomBytes(24).toString('base64url')

/** What the database knows a token by. */
export const tokenHash = (keys: KeyRing, token: string): string => keys.keyedHash('index', `subscription ${token}`)
/** What it knows the yes of a letter box by. */
export const confirmHash = (keys: KeyRing, token: string): string => keys.keyedHash('index', `subscription-confirm ${token}`)
/** Of an address, whatever its capitals; of a push address as it is. */
export const handleHash = (keys: KeyRing, channel: 'email' | 'webpush', handle: string): string => keys.keyedHash('index', `${channel} ${channel === 'email' ? handle.trim().toLowerCase() : handle}`)

/** A new token with what is kept of it. */
export function sealedToken(keys: KeyRing): { token: string, token_hash: string, token_sealed: string } {
  const token = newToken()
  const hash = tokenHash(keys, token)
  const { id, key } = keys.secret('outbox')
  return { token, token_hash: hash, token_sealed: sealText(key, token, aboutToken(hash), id) }
}

/** Seals where a subscription is sent. */
export function sealHandleOf(keys: KeyRing, hash: string, handle: string): string {
  const { id, key } = keys.secret('outbox')
  return sealText(key, handle, aboutHandle(hash), id)
}

interface SealedSubscription { handle_hash: string | null, handle_sealed: string | null, token_hash: string | null, token_sealed: string | null }

/** The token of a subscription. @throws SealError */
export const openToken = ({ secret }: KeyRing, { token_hash: hash, token_sealed: sealed }: SealedSubscription): string => openText(secret('outbox').key, sealed ?? '', aboutToken(hash ?? ''))

/** Where a subscription is sent: an address, or the JSON of a push subscription. @throws SealError */
export const openHandleOf = ({ secret }: KeyRing, { handle_hash: hash, handle_sealed: sealed }: SealedSubscription): string => openText(secret('outbox').key, sealed ?? '', aboutHandle(hash ?? ''))

/** A browser's push subscription. @throws SealError */
export const openPush = (keys: KeyRing, sealed: SealedSubscription): PushSubscriptionKeys => pushSubscriptionSchema.parse(JSON.parse(openHandleOf(keys, sealed)))

/** Where a subscriber says what they want: a page, and an address that takes one POST (RFC 8058) and leads to that page in a browser, in the language of the mail. */
export function subscriptionLinks({ publicUrl }: Services['settings'], token: string, locale: Locale): { settings: string, unsubscribe: string } {
  return { settings: `${publicUrl}/${locale}/alerts/subscriptions/${token}`, unsubscribe: `${publicUrl}/api/subscriptions/${token}/unsubscribe?locale=${locale}` }
}
