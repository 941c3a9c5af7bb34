import type { PhotoName } from './draw-photo.ts'

/** An invented report and what became of it. People, numbers and events are made up; ages count back from the first start. */
export type Story = {
  /** Where another story's `merge` step finds this one. */
  key?: string
  category: string
  /** Grid code; without one the report enters the station's triage queue. */
  grid?: string
  /** When it arrived: whole days before today and the local time, or minutes before now. */
  arrived: { daysAgo: number, time: string } | { minutesAgo: number }
  /** Hours between the event and the report. */
  happenedHoursBefore?: number
  locale?: 'zh' | 'en'
  channel?: 'web' | 'api' | 'desk'
  contact: Contact
  address?: string
  description: string
  answers?: Record<string, string | string[]>
  /** A picture that came with it. */
  photo?: PhotoName
  /** Who of the staff is named in an answer of kind `officer`. */
  about?: StaffKey
  emergency?: string
  isUnverified?: boolean
  isHidden?: boolean
  followers?: number
  /** Nobody has visited yet. A story that says nothing had its visit, if there was time for one. */
  isVisitOwed?: boolean
  /** A fixed reference and receipt, to try out tracking. */
  known?: { reference: string, receipt: string }
  steps?: Step[]
}

export type StaffKey = 'chief' | 'lead' | 'officer' | 'officer2' | 'officer3'

/** `account` is one of the demo's residents; without one the person wrote as a guest. */
export type Contact =
  | { mode: 'anonymous' }
  | { mode: 'sealed' | 'named', account?: 'resident' | 'resident2' | 'volunteer' | 'banned', name?: string, phone?: string, email?: string, safeContact?: string }

/**
 * Hours after arrival, what was done, its words (`@slug`: the sentence of that response template), and by whom: by default the
 * community's own officer. `reply`, `withdraw` and `answer:…` are the reporter's; `merge` names the key of the other story. `visit:…`
 * is a visit at which staff wrote the answer down; `outcome` settles the oldest suggestion.
 */
export type Step = [hours: number, act: Act, text?: string, by?: StaffKey]
export type Act = 'open' | 'triaged' | 'in_progress' | 'resolved' | `closed:${'no_further_action' | 'referred' | 'unfounded' | 'spam'}` | 'message' | 'reply' | 'note' | 'summary' | 'assign' | 'merge' | 'withdraw' | 'release'
  | 'visit' | 'visit:satisfied' | 'visit:unsatisfied' | 'answer:satisfied' | 'answer:unsatisfied' | 'answer:unresolved' | 'remind' | 'silent' | 'suggest' | 'outcome'
