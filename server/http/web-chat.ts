import { randomBytes, randomUUID } from 'node:crypto'
import type { H3Event } from 'h3'
import type { ChatEntry, ChatPage } from '#shared/chat/chat-page'
import type { Locale } from '#shared/locales'
import { converse, readConversation, type Answered } from '#server/chat/converse'
import { openChatPorts } from '#server/chat/open-chat-ports'
import type { Turn } from '#server/chat/turn'
import { readOwnThread } from '#server/domain/chat/own-thread'
import { alertRenderings } from '#server/outbox/messages/alert-renderings'
import { checkChallenge } from '#server/domain/trust/challenge'
import type { Services } from '#server/domain/services'
import { chatModel } from './chat-model.ts'
import { text } from '../texts.ts'
import { emergencyNumbers } from './emergency-card.ts'
import { limitsFor } from './rate-limits.ts'
import { optionalActor } from './require-actor.ts'

/** A new secret: 192 random bits. */
export const newChatSecret = (): string => randomBytes(24).toString('base64url')

interface WebTurn { secret: string, turn: Turn, locale: Locale, request?: string, altcha?: string }

/** One turn of a browser or of a program that speaks for somebody. `altcha`: a solved challenge, wanted where the turn may send a report. */
export async function takeWebTurn(event: H3Event, services: Services, { secret, turn, locale, request = randomUUID(), altcha }: WebTurn): Promise<Answered> {
  const actor = await optionalActor(event)
  const challenge = altcha ? checkChallenge(services.keys, altcha, Date.now()) : undefined
  const ports = openChatPorts(services, {
    channel: 'web', locale, publicUrl: '', ...(actor && { actor }), ...(challenge && { proof: { kind: 'challenge', challenge } }), limits: act => limitsFor(event, services, act), emergencyNumbers, loadModel: chatModel(), renderings: alertRenderings(services.settings.publicUrl),
  })
  return converse(services, { channel: 'web', secret, request, locale, turn, userId: actor?.userId ?? null, limits: limitsFor(event, services, 'chat.turn') }, ports)
}

const shownTurns = 30
const stars = [5, 4, 3, 2, 1] as const

/** The page before the first word, and while nothing can be read. */
export function emptyChatPage(locale: Locale, facts: Partial<Pick<ChatPage, 'isAway' | 'hasBegun'>> = {}): ChatPage {
  const names = ['report', 'track', 'officer', 'ask', 'person']
  return {
    entries: [], choices: facts.isAway ? [] : names.map(name => ({ id: `start.${name}`, label: text(locale, `chat.menu.${name}`) })),
    thread: null, hours: null, isOpen: true, asksProof: false, hasBegun: false, isAway: false, ...facts,
  }
}

/** What the page shows: the last turns, what people at the station wrote, and what may be chosen now. */
export async function chatPage(services: Services, secret: string | undefined, locale: Locale): Promise<ChatPage> {
  const begun = secret ? await readConversation(services, { channel: 'web', secret, locale }, shownTurns) : undefined
  if (!begun?.id) return emptyChatPage(locale)
  const { thread, hours, messages } = await readOwnThread(services, begun.id)
  const letters: ChatEntry[] = messages.filter(({ from }) => from === 'staff').map(({ at, text: words, by }) => ({ from: 'staff', at, text: words, by: by?.[locale] ?? null }))
  const said: ChatEntry[] = begun.turns.flatMap(turn => [
    ...(turn.text ? [{ from: 'resident' as const, at: turn.at, text: turn.text }] : []), ...turn.replies.map(reply => ({ from: 'assistant' as const, at: turn.at, reply })),
  ])
  const entries = [...said, ...letters].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  if (!entries.length) return emptyChatPage(locale, { hasBegun: true })
  const state = thread && (thread.state !== 'closed' || begun.thread?.state === 'closed') ? thread.state : null
  const last = begun.turns.at(-1)?.replies.flatMap(reply => reply.choices ?? []) ?? []
  const rating = state === 'closed' ? stars.map(star => ({ id: `rate.${star}`, label: text(locale, `chat.telegram.stars.${star}`) })) : []
  const leave = { id: 'leave', label: text(locale, 'chat.person.leave') }
  return {
    entries, thread: state, hasBegun: true, isAway: false, asksProof: begun.asksProof,
    choices: state === 'closed' ? rating : state ? [leave] : last, hours: thread ? text(locale, `chat.person.days.${hours.days}`, { from: hours.from, to: hours.to }) : null, isOpen: hours.isOpen,
  }
}
