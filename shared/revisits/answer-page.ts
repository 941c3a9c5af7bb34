import type { RevisitAnswer } from './ladder.ts'
import type { QuestionKind, TrackedRevisit } from './tracked-revisit.ts'

/** What the page of an answer shows; without a question there is nothing to answer now. */
export interface AnswerPage {
  reference: string
  timeZone: string
  now: string
  /** Nobody calls or visits: coming back means a letter. */
  isByLetter: boolean
  question: { revisit: TrackedRevisit, kind: QuestionKind } | null
  /** Chosen already on the page of the report. */
  chosen: RevisitAnswer | null
  /** What was typed and not kept yet sounds like a danger. */
  hasEmergency: boolean
}
