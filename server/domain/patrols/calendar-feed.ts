import { randomBytes } from 'node:crypto'
import type { OwnFeed } from '#shared/patrols/feed-schema'
import type { DeskActor } from '#server/db/desk-reports'
import { ownFeedQueries, readFeed } from '#server/db/patrol-feeds'
import type { Services } from '../services.ts'
import type { KeyRing } from '../trust/key-ring.ts'

const tokenHash = (keys: KeyRing, token: string) => keys.keyedHash('index', `patrol feed ${token}`)
const addressOf = ({ settings }: Pick<Services, 'settings'>, token: string) => `${settings.publicUrl}/feeds/patrols/${token}.ics`

/** Whether the caller has a calendar, since when, and on which day it was last asked for. @throws AppError sign_in_required */
export async function readOwnFeed({ clients }: Services, actor: DeskActor): Promise<OwnFeed> {
  const { feed } = await ownFeedQueries(clients, actor).get()
  return feed && { createdAt: feed.created_at, lastReadOn: feed.last_read_on }
}

/** A new address of 192 random bits; the one before ends. It is told here and never again. @throws AppError not_enrolled */
export async function makeFeed(services: Services, actor: DeskActor): Promise<{ address: string }> {
  const token = randomBytes(24).toString('base64url')
  await ownFeedQueries(services.clients, actor).change(tokenHash(services.keys, token))
  return { address: addressOf(services, token) }
}

/** Ends the address. @throws AppError not_found: there was none */
export async function endFeed({ clients }: Services, actor: DeskActor): Promise<void> {
  await ownFeedQueries(clients, actor).change(null)
}

/**
 * What lies behind an address, with the language of its volunteer and the address itself.
 * @throws AppError not_found for one that is unknown, renewed or ended alike
 */
export async function openFeed(services: Services, token: string) {
  const { feed: feedId, locale, shifts } = await readFeed(services.clients, tokenHash(services.keys, token))
  return {
    feedId, locale, source: addressOf(services, token), publicUrl: services.settings.publicUrl,
    shifts: shifts.map(({ starts_at: startsAt, ends_at: endsAt, revised_at: revisedAt, ...shift }) => ({ ...shift, startsAt, endsAt, revisedAt })),
  }
}
