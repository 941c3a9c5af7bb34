import type { ChatReply, Choice } from './reply.ts'

/** One thing said, as the page shows it. */
export type ChatEntry
  = { from: 'resident', at: string, text: string }
    | { from: 'assistant', at: string, reply: ChatReply }
    | { from: 'staff', at: string, text: string, by: string | null }

export interface ChatPage {
  entries: ChatEntry[]
  /** What may be chosen now: of the last answer alone. */
  choices: Choice[]
  /** People have the thread; or they ended it and it may be rated. */
  thread: 'waiting' | 'open' | 'closed' | null
  /** When somebody answers. */
  hours: string | null
  /** Does somebody answer now? */
  isOpen: boolean
  /** The next turn may send a report: a page with script shows that it is no flood (RULES G2). */
  asksProof: boolean
  /** Nothing can be read at the moment. */
  isAway: boolean
  hasBegun: boolean
}
