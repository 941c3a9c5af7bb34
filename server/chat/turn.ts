/*
  The words of a conversation.
    turn       what the resident did once: words, a choice, a place, a file
    reply      one message of the answer; choices are buttons of earlier replies
    dialogue   something that takes several turns (filing a report); one runs at a time
    outcome    what a turn came to: replies and the state to keep. The brain does nothing to a conversation but by its outcome.
  The same for both faces: `server/api/chat` and `bot/` bring turns and show replies.
*/
import type { Locale } from '#shared/locales'
import type { ChatReply } from '#shared/chat/reply'
import type { DialogueState } from './dialogue-state.ts'

export const channels = ['web', 'telegram'] as const
export type Channel = (typeof channels)[number]

/** What the resident did. */
export interface Turn {
  /** At most 4,000 characters. A command starts with a slash. */
  text?: string
  /** The id of a choice of an earlier reply. */
  choice?: string
  location?: { lat: number, lng: number }
  /** `read` is called at most once, and only when the file is wanted. */
  file?: { type: string, size: number, read: () => Promise<Uint8Array> } | { refused: 'too_large' }
}

/** One message of the answer: what `POST /api/chat` gives, and `once`: it holds a receipt, which is kept nowhere (RULES C2). */
export interface Reply extends ChatReply {
  once?: boolean
}

/** People have the thread (waiting, open), or it is closed and the resident has yet to say how it was. */
export interface ThreadFacts { id: string, state: 'waiting' | 'open' | 'closed' }

export interface Conversation {
  id: string
  channel: Channel
  locale: Locale
  /** Who is signed in, or whose account was linked to the chat. */
  userId: string | null
  state: DialogueState
  /** How many turns were committed before this one. */
  turnNo: number
  thread?: ThreadFacts
}

/** What happens to the conversation beside its state; done by `converse` in the transaction of the turn. */
export type Command
  /** The whole conversation goes, at once ("end chat", /exit, /delete). Telegram deletes the messages that it may. */
  = | { do: 'forget', erasesThreads?: boolean }
  /** What was said from this turn on stands in a report now and is kept there alone. */
    | { do: 'forget_words', fromTurn: number }
  /** This turn's words hold a receipt: they are not kept, and Telegram deletes the message if it may. */
    | { do: 'hide_words' }
    | { do: 'speak', locale: Locale }
  /** Opens a thread at the desk with this many of the last turns, which the resident agreed to pass on. `id` is the thread's, `community` an id. */
    | { do: 'hand_over', id: string, turns: number, community?: string, isAboutPolice?: boolean }
  /** People have the thread: the words go to them. */
    | { do: 'tell_staff', text: string }
  /** Back to the assistant. */
    | { do: 'leave_thread' }
    | { do: 'rate', rating: number }

/** What a turn came to. `confidence`: 0 to 1, how sure the brain was of what was meant; 1 for choices and commands. */
export interface Outcome {
  replies: Reply[]
  state: DialogueState
  intent: string
  article?: string
  confidence: number
  commands?: Command[]
  /** The label of the choice that was made: how the turn is shown again. */
  said?: string
}

/** Longest text of a turn, in UTF-16 units: what Telegram allows in one message, and a little less. */
export const turnTextMax = 4_000
