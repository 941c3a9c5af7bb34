/*
  One turn from end to end: load, think, commit. Both faces call this and nothing else.
    repeat     the same `request` again answers what it answered, whether the first answer arrived or not
    two turns  at once: one commits, the other reads again and goes on from there; outside effects carry keys of their dialogue
    crash      before the commit nothing happened to the conversation, and the repeat finds what was done outside by its key
*/
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '#shared/errors'
import { chatReplySchema } from '#shared/chat/reply'
import { isLocale, type Locale } from '#shared/locales'
import { conversationStore, type HeldConversation, type Limit, type StoredTurn, type TurnEnd } from '#server/domain/chat/conversation-store'
import type { Services } from '#server/domain/services'
import { text } from '#server/texts'
import { takeTurn } from './brain.ts'
import type { ChatPorts } from './chat-ports.ts'
import { newState, parseState, type DialogueState } from './dialogue-state.ts'
import { joinReplies } from './join-replies.ts'
import type { Channel, Command, Conversation, Outcome, Reply, Turn } from './turn.ts'

/** A turn as it arrives. */
export interface Arrival {
  channel: Channel
  /** By what the conversation is found: the secret of the cookie, or the chat id. */
  secret: string
  /** Of this turn, the same when it is sent again: the form's key, the update's id. */
  request: string
  /** Of the page; on Telegram where a conversation begins, a kept one has its own. */
  locale: Locale
  turn: Turn
  /** Who is signed in, or whose account was linked. */
  userId?: string | null
  limits?: Limit[]
  /** Telegram: handed to `private.settle_bot_update` in the transaction of the turn. */
  update?: Record<string, unknown>
}

/** What a turn came to. After `forget` nothing was queued: Telegram's bot forgets, ends its update and says the replies itself. */
export interface Answered extends Omit<Outcome, 'state'> {
  conversation: { id: string, locale: Locale }
  turnNo: number
  /** It was committed before; `isLatest`: and nothing was said since. */
  isReplay: boolean
  isLatest: boolean
}

const attempts = 4
const saidSchema = z.object({ text: z.string().optional(), intent: z.string(), article: z.string().optional(), confidence: z.number() })

/** Takes a turn of a resident. @throws AppError rate_limited, unavailable */
export async function converse(services: Services, arrival: Arrival, ports: ChatPorts): Promise<Answered> {
  const store = conversationStore(services, arrival)
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const held = await store.load({ request: arrival.request, ...(attempt === 1 && { limits: arrival.limits }) })
    if (held.replay) return replayed(held)
    const conversation = conversationOf(held, arrival)
    const kept = held.state === undefined ? newState() : parseState(held.state)
    const outcome = await takeTurn(arrival.turn, { ...conversation, state: kept ?? newState() }, { ...ports, now: () => Date.parse(held.now) })
    const said = kept ? outcome.replies : [{ text: text(conversation.locale, 'chat.startedAnew') }, ...outcome.replies]
    const replies = arrival.channel === 'telegram' ? joinReplies(said) : said
    const commands = outcome.commands ?? []
    const locale = commands.find(command => command.do === 'speak')?.locale ?? conversation.locale
    const answered: Answered = { ...outcome, replies, conversation: { id: conversation.id, locale }, turnNo: held.turnNo + 1, isReplay: false, isLatest: true }
    const forget = commands.find(command => command.do === 'forget')
    if (forget) {
      // Telegram deletes its own messages first, and forgets in the transaction that ends the update.
      if (!arrival.update) await store.forget(forget.erasesThreads ?? false)
      return answered
    }
    try {
      const { isReplay } = await store.commit(await turnEnd(store, conversation, arrival, { ...outcome, replies }, locale))
      if (!isReplay) return answered
    }
    catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === 'conflict')) throw thrown
    }
  }
  throw new AppError('conflict')
}

function conversationOf(held: HeldConversation, { channel, locale, userId }: Arrival): Omit<Conversation, 'state'> {
  return {
    id: held.id ?? randomUUID(), channel, locale: channel === 'telegram' && isLocale(held.locale) ? held.locale : locale, userId: userId ?? held.userId ?? null, turnNo: held.turnNo,
    ...(held.thread && { thread: held.thread }),
  }
}

async function turnEnd(store: ReturnType<typeof conversationStore>, conversation: Omit<Conversation, 'state'>, arrival: Arrival, outcome: Outcome, locale: Locale): Promise<TurnEnd> {
  const commands = outcome.commands ?? []
  const find = <Do extends Command['do']>(wanted: Do) => commands.find((command): command is Extract<Command, { do: Do }> => command.do === wanted)
  const { intent, article, confidence, replies, state } = outcome
  const [handOver, told, rated] = [find('hand_over'), find('tell_staff'), find('rate')]
  const words = find('hide_words') || find('forget_words') ? undefined : outcome.said ?? wordsOf(arrival.turn, conversation.locale)
  return {
    id: conversation.id, locale, turnNo: conversation.turnNo, request: arrival.request, state, ...(arrival.update && { update: arrival.update }),
    said: { ...(words && { text: words }), intent, ...(article && { article }), confidence },
    replies: replies.map(({ once, ...reply }) => ({ content: reply, isOnce: once ?? false })),
    ...(find('forget_words') && { forgetFrom: find('forget_words')!.fromTurn }),
    ...(handOver && { thread: { ...handOver, turns: handOver.turns ? passOn(await store.load({ turns: handOver.turns })) : [] } }),
    ...(told && { threadMessage: { id: randomUUID(), text: told.text } }),
    ...(find('leave_thread') && { leavesThread: true }),
    ...(rated && { rating: rated.rating }),
  }
}

/** What the desk gets of a conversation: the words of the last turns that the resident agreed to. */
function passOn({ turns }: HeldConversation) {
  return turns.flatMap(turn => [
    ...(said(turn)?.text ? [{ from: 'resident' as const, text: said(turn)!.text!, at: turn.at }] : []),
    ...turn.replies.map(reply => chatReplySchema.safeParse(reply).data?.text).filter(words => words !== undefined).map(words => ({ from: 'bot' as const, text: words, at: turn.at })),
  ])
}

const said = (turn: StoredTurn) => saidSchema.safeParse(turn.said).data

function replayed(held: HeldConversation): Answered {
  const { turnNo, said: kept, replies } = held.replay!
  const outcome = saidSchema.safeParse(kept).data ?? { intent: 'repeat', confidence: 1 }
  return {
    intent: outcome.intent, confidence: outcome.confidence, ...(outcome.article && { article: outcome.article }), turnNo, isReplay: true, isLatest: turnNo === held.turnNo,
    conversation: { id: held.id!, locale: isLocale(held.locale) ? held.locale : 'zh' }, replies: replies.map(reply => chatReplySchema.safeParse(reply).data).filter(reply => reply !== undefined),
  }
}

/** A turn as it is shown again and passed on: a place and a file by their kind. A choice that nobody offered has no words. */
function wordsOf({ text: words, location, file }: Turn, locale: Locale): string | undefined {
  if (words) return words
  if (location) return text(locale, 'chat.said.location')
  return file ? text(locale, 'chat.said.file') : undefined
}

/** Is a report about to be sent? */
const mayFile = (state: DialogueState | undefined) => state?.dialogue?.intent === 'report' && state.dialogue.step === 'check'

/** What a page shows of a conversation: what was said and answered, oldest first. @param count how many turns, 50 at most */
export async function readConversation(services: Services, by: Pick<Arrival, 'channel' | 'secret' | 'locale'>, count: number) {
  const held = await conversationStore(services, by).load({ turns: count })
  return {
    id: held.id, locale: held.locale, thread: held.thread, now: held.now, asksProof: mayFile(parseState(held.state)),
    turns: held.turns.map(turn => ({ at: turn.at, text: said(turn)?.text, replies: turn.replies.map(reply => chatReplySchema.safeParse(reply).data).filter((reply): reply is Reply => reply !== undefined) })),
  }
}
