import { z } from 'zod'
import type { Status } from '../reports/status.ts'
import { dueAfter, type StationCalendar } from './calendar.ts'
import { isLate, levelOf, openAnswers, overturnDays, reminderDays, reopenDays, revisitAnswers, revisitLevels, revisitStates, silenceDays, stateOf, visitDays, visitDue, type RevisitFacts } from './ladder.ts'
import { revisitMethods, topicsSchema } from './revisit-schema.ts'

const instant = z.string().meta({ format: 'date-time' })

/** What the reporter proposed, who sees to it (their level, no name), until when, and what came of it. */
const trackedSuggestionSchema = z.strictObject({
  id: z.uuid(), at: instant, text: z.string(), level: z.string(), dueOn: z.iso.date(), outcome: z.string().nullable(), doneAt: instant.nullable(),
})

/** One step of the ladder as its reporter sees it: `revisits[]` of `GET /api/reports/{reference}`, oldest first. */
export const trackedRevisitSchema = z.strictObject({
  id: z.uuid(), round: z.int(), step: z.int(), level: z.enum(revisitLevels), state: z.enum(revisitStates),
  openedAt: instant, dueAt: instant, isLate: z.boolean(), visitedAt: instant.nullable(), method: z.enum(revisitMethods).nullable(), topics: topicsSchema,
  remindedAt: instant.nullable(), noReplyAt: instant.nullable(),
  answers: z.array(z.enum(revisitAnswers)).meta({ description: 'What may be answered now; empty when nothing is asked.' }),
  answerBy: instant.nullable().meta({ description: 'When the next thing happens without an answer: a reminder, "no reply", or the end of the time for answering.' }),
  climbsUntil: instant.nullable().meta({ description: 'When the next visit would be due if "unsatisfied" were answered now.' }),
  answer: z.enum(revisitAnswers).nullable(), answeredAt: instant.nullable(), answeredBy: z.enum(['resident', 'staff']).nullable(),
  recordedAnswer: z.enum(revisitAnswers).nullable().meta({ description: 'What staff wrote down; it stays when the reporter says otherwise.' }), comment: z.string().nullable(),
  stoppedAt: instant.nullable(), suggestions: z.array(trackedSuggestionSchema),
})
export type TrackedRevisit = z.infer<typeof trackedRevisitSchema>

type Kept = Omit<TrackedRevisit, 'level' | 'state' | 'dueAt' | 'isLate' | 'answers' | 'answerBy' | 'climbsUntil'>

/** What follows from the facts of each step now. Only the last step is asked about: an older answer has been acted upon. @param steps oldest first */
export function followLadder(steps: readonly Kept[], now: string, calendar: StationCalendar): TrackedRevisit[] {
  return steps.map((step, index) => {
    const answers = index === steps.length - 1 ? [...openAnswers(step, now, calendar)] : []
    return {
      ...step, level: levelOf(step.step), state: stateOf(step), dueAt: visitDue(step, calendar), isLate: isLate(step, now, calendar),
      answers, answerBy: answers.length ? answerBy(step, calendar) : null,
      climbsUntil: answers.includes('unsatisfied') ? dueAfter(now, visitDays, calendar) : null,
    }
  })
}

const dayMs = 86_400_000
const daysAfter = (instant: string, days: number) => new Date(Date.parse(instant) + days * dayMs).toISOString()

function answerBy(facts: RevisitFacts, calendar: StationCalendar): string | null {
  if (facts.answeredAt) return daysAfter(facts.answeredAt, overturnDays)
  if (facts.noReplyAt) return daysAfter(facts.noReplyAt, reopenDays)
  if (facts.remindedAt) return dueAfter(facts.remindedAt, silenceDays, calendar)
  return facts.visitedAt && dueAfter(facts.visitedAt, reminderDays, calendar)
}

/** How the reporter may be asked about a step: after a visit, about an answer that staff wrote down, after silence, or because nobody came in time. */
export const questionKinds = ['visited', 'recorded', 'silent', 'late'] as const
export type QuestionKind = typeof questionKinds[number]

/** What is asked of the reporter now, if anything is. */
export function openQuestion(steps: readonly TrackedRevisit[]): { revisit: TrackedRevisit, kind: QuestionKind } | undefined {
  const revisit = steps.at(-1)
  if (!revisit?.answers.length) return undefined
  switch (revisit.state) {
    case 'to_visit': return { revisit, kind: 'late' }
    case 'no_reply': return { revisit, kind: 'silent' }
    case 'to_answer': return { revisit, kind: 'visited' }
    default: return { revisit, kind: 'recorded' }
  }
}

/** The reporter ended it as not resolved, and the station has not moved the report since: what its state says is no longer the news. */
export function isEndedUnresolved(steps: readonly TrackedRevisit[], { status, timeline }: { status: Status, timeline: readonly { at: string, kind: string }[] }): boolean {
  const last = steps.at(-1)
  if (last?.state !== 'unresolved' || status === 'closed') return false
  const endedAt = Date.parse(last.answeredAt ?? last.openedAt)
  return !timeline.some(({ kind, at }) => kind === 'status' && Date.parse(at) > endedAt)
}

/** The step that an event of the timeline is about; instants are written in one transaction and are equal. */
export function stepOfEvent(steps: readonly TrackedRevisit[], { kind, at }: { kind: string, at: string }): TrackedRevisit | undefined {
  const instantOf: Record<string, (step: TrackedRevisit) => string | null> = {
    revisit_opened: step => step.openedAt, revisit_made: step => step.visitedAt, revisit_answered: step => step.answeredAt, revisit_reminded: step => step.remindedAt, revisit_silent: step => step.noReplyAt,
  }
  return Object.hasOwn(instantOf, kind) ? steps.find(step => instantOf[kind]?.(step) === at) : undefined
}
