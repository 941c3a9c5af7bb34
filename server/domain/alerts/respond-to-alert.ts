import type { Respond, Responded } from '#shared/alerts/subscription-schema'
import { parseAlertIdentifier } from '#shared/alerts/identifier'
import type { ResponseKind } from '#shared/alerts/responses'
import type { Locale } from '#shared/locales'
import { AppError } from '#shared/errors'
import type { DeskActor } from '#server/db/desk-reports'
import type { Limit } from '#server/db/reports'
import { deskResponseQueries, responseQueries } from '#server/db/subscriptions'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { openText, sealText } from '../trust/envelope.ts'
import { tokenHash } from './subscriptions/subscription-token.ts'

/** Who answers: the holder of a subscription, a chat, or whoever keeps a cookie. Only a keyed hash of it is kept. */
export type Responder = { kind: 'subscription', token: string } | { kind: 'chat', hash: string } | { kind: 'cookie', value: string }

const aboutResponse = (identifier: string, kind: ResponseKind, whoHash: string) => `alert-response:${identifier}:${kind}:${whoHash}`

/**
 * Somebody answers an alert. The same answer again is the same; words are sealed here and read at the desk, where opening them is logged. A call for help calls whoever is on duty at once.
 * @throws AppError not_found, rate_limited, invalid
 */
export async function respondToAlert(services: Services, typed: string, { kind, text, community: slug, locale }: Pick<Respond, 'kind' | 'text' | 'community' | 'locale'>, who: Responder, limits: Limit[]): Promise<Omit<Responded, 'call'>> {
  const { clients, keys } = services
  const identifier = parseAlertIdentifier(typed)
  if (!identifier) throw new AppError('not_found')
  const whoHash = keys.keyedHash('index', `alert-response ${who.kind} ${who.kind === 'subscription' ? who.token : who.kind === 'chat' ? who.hash : who.value}`)
  const community = slug === undefined ? undefined : (await getReferenceData(services)).communities.find(known => known.slug === slug)?.id
  const { id, key } = keys.secret('outbox')
  const { is_new: isNew, has_duty: hasDuty } = await responseQueries(clients).respond({
    identifier, kind, who_hash: whoHash, channel: who.kind === 'chat' ? 'telegram' : 'web', locale, limits, ...(community && { community }),
    ...(who.kind === 'subscription' && { token_hash: tokenHash(keys, who.token) }), ...(who.kind === 'chat' && { chat_hash: who.hash }), ...(text && { text_sealed: sealText(key, text, aboutResponse(identifier, kind, whoHash), id) }),
  })
  return { kind, isNew, hasDuty }
}

/** A call for help or something that somebody knows, as the desk lists it: without its words. `cameLate`: the message had run out, was cancelled or its danger was over. */
export interface DeskResponse { id: string, alert: string, kind: ResponseKind, at: string, communityId: string | null, channel: string, locale: Locale, hasText: boolean, cameLate: boolean, handledAt: string | null, handledBy: { zh: string, en: string } | null }

/** Newest first; `open`: how many calls for help wait. @throws AppError forbidden */
export async function listResponses({ clients }: Services, actor: DeskActor, { identifier, kind, isOpen, before }: { identifier?: string, kind?: 'help' | 'know', isOpen?: boolean, before?: string } = {}): Promise<{ open: number, responses: DeskResponse[] }> {
  const { open, responses } = await deskResponseQueries(clients, actor).list({ ...(identifier && { identifier }), ...(kind && { kind }), ...(isOpen && { is_open: true }), ...(before && { before }) })
  return { open, responses: responses.map(({ community: communityId, has_text: hasText, came_late: cameLate, handled_at: handledAt, handled_by: handledBy, ...rest }) => ({ ...rest, communityId, hasText, cameLate, handledAt, handledBy })) }
}

/** The words of one, in the order they were said; opening them is logged. @throws AppError not_found */
export async function openResponse({ clients, keys }: Services, actor: DeskActor, id: string): Promise<{ alert: string, kind: ResponseKind, text: string | null }> {
  const { alert, kind, who_hash: whoHash, words_sealed: sealed } = await deskResponseQueries(clients, actor).open(id)
  // A form that was sent twice says the same twice.
  const words = new Set(sealed.map(each => openText(keys.secret('outbox').key, each, aboutResponse(alert, kind, whoHash))))
  return { alert, kind, text: words.size ? [...words].join('\n\n') : null }
}

/** Somebody has seen to it. @throws AppError not_found, conflict */
export async function handleResponse({ clients }: Services, actor: DeskActor, id: string): Promise<void> {
  await deskResponseQueries(clients, actor).handle(id)
}
