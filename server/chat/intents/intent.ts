import type { Locale } from '#shared/locales'
import type { ChatPorts } from '../chat-ports.ts'
import type { Dialogue, DialogueState } from '../dialogue-state.ts'
import type { Command, Conversation, Reply, Turn } from '../turn.ts'

/** What an intent works with: one turn of one conversation. */
export interface Context {
  turn: Turn
  conversation: Conversation
  ports: ChatPorts
  locale: Locale
  /** A text of `chat.<key>` in the resident's language. */
  say: (key: string, params?: Record<string, string | number>) => string
}

/** What an intent answers. Choices whose id begins with a dot belong to the dialogue that goes on: `.yes` comes back as `yes`, and only to this step. */
export interface Move {
  replies: Reply[]
  /** The dialogue as it goes on; null or left out: it is over. */
  dialogue?: Dialogue | null
  /** What else to remember. */
  remember?: Partial<Pick<DialogueState, 'misses' | 'question' | 'report' | 'community'>>
  commands?: Command[]
  article?: string
  confidence?: number
  /** What was typed is no answer to the step; the replies ask again. It may have been a question, or the wish to stop (brain.ts). */
  isNoAnswer?: boolean
}

/**
 * One thing that residents can ask of the assistant. A new noun brings a file of these and its line in `intents.ts`;
 * the state and the brain stay as they are.
 */
export interface Intent {
  name: string
  /** `report` for `/report`. The first one is shown. */
  commands: readonly string[]
  /** Short sentences that mean it. What is long or tells a story is read otherwise. */
  words: Record<Locale, RegExp>
  /** Also in the middle of something else, which then goes on. */
  isAside?: boolean
  /** @param given what came with a command, such as `/ask dogs` */
  start: (context: Context, given: string) => Promise<Move>
  next?: (context: Context, dialogue: Dialogue) => Promise<Move>
  /** A button that works whatever else goes on, also while a person has the chat: `<noun>.<act>…`. Undefined for the buttons of others. */
  tap?: (context: Context, choice: string) => Promise<Move | undefined>
}

/** A dialogue that begins with this turn. */
export function beginDialogue({ conversation, ports }: Context, intent: string, step: string, slots: Dialogue['slots'] = {}): Dialogue {
  return { intent, id: ports.newId(), fromTurn: conversation.turnNo + 1, step, slots }
}

/** A button's answer beside which whatever goes on goes on. */
export function aside({ conversation: { state } }: Context, move: Move): Move {
  return { ...move, dialogue: move.dialogue === undefined ? state.dialogue ?? null : move.dialogue }
}
