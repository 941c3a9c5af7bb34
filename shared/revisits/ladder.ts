import { dueAfter, type StationCalendar } from './calendar.ts'

/*
  The ladder of a case (PRODUCT §2, RULES D3). Accepting opens step 1; "not satisfied" opens the next. What is kept are facts with their
  instants; every state, due time and lateness below is computed from them.
    step 1 officer → step 2 lead → step 3, 4, … chief
*/

export const revisitLevels = ['officer', 'lead', 'chief'] as const
export type RevisitLevel = typeof revisitLevels[number]

export const revisitAnswers = ['satisfied', 'unsatisfied', 'unresolved'] as const
export type RevisitAnswer = typeof revisitAnswers[number]

/** Days, counted as the station counts. */
export const visitDays = 3
/** After the visit until the reporter is reminded, and after that until silence is called "no reply". */
export const reminderDays = 3
export const silenceDays = 4
/** Plain days: how long "no reply" can still be answered, and an answer that staff wrote down be overturned. */
export const reopenDays = 90
export const overturnDays = 14

/** One step as it is kept. Instants are ISO 8601. */
export interface RevisitFacts {
  step: number
  openedAt: string
  visitedAt: string | null
  remindedAt: string | null
  noReplyAt: string | null
  answer: RevisitAnswer | null
  answeredAt: string | null
  /** An answer that staff wrote down at the door is provisional. */
  answeredBy: 'resident' | 'staff' | null
  /** Withdrawn or spam: nothing is owed any more. */
  stoppedAt: string | null
}

export const revisitStates = ['to_visit', 'to_answer', 'no_reply', ...revisitAnswers, 'stopped'] as const
export type RevisitState = typeof revisitStates[number]

/** Whose turn a step is. */
export function levelOf(step: number): RevisitLevel {
  return step <= 1 ? 'officer' : step === 2 ? 'lead' : 'chief'
}

/** May staff of this role make the visit of a step? Never above their own level. */
export function mayVisit(role: string, step: number): boolean {
  const rank = revisitLevels.indexOf(role as RevisitLevel)
  return rank >= 0 && rank >= revisitLevels.indexOf(levelOf(step))
}

/** Where a step stands. An answer decides, whatever came before it. */
export function stateOf(facts: RevisitFacts): RevisitState {
  if (facts.answer) return facts.answer
  if (facts.stoppedAt) return 'stopped'
  if (facts.noReplyAt) return 'no_reply'
  return facts.visitedAt ? 'to_answer' : 'to_visit'
}

/** When the visit of a step is due, ISO 8601. */
export function visitDue(facts: Pick<RevisitFacts, 'openedAt'>, calendar: StationCalendar): string {
  return dueAfter(facts.openedAt, visitDays, calendar)
}

/** Late is late for good: a visit after its time, none at all when the time was over, or one that was still owed when the ladder moved on or stopped. */
export function isLate(facts: RevisitFacts, now: string, calendar: StationCalendar): boolean {
  const until = facts.visitedAt ?? facts.answeredAt ?? facts.stoppedAt ?? now
  return Date.parse(until) > Date.parse(visitDue(facts, calendar))
}

/** A visit that is owed and whose time is over. */
export function isOverdue(facts: RevisitFacts, now: string, calendar: StationCalendar): boolean {
  return stateOf(facts) === 'to_visit' && isLate(facts, now, calendar)
}

/** What the reporter may answer now; empty when nothing is asked. */
export function openAnswers(facts: RevisitFacts, now: string, calendar: StationCalendar): readonly RevisitAnswer[] {
  const isChief = levelOf(facts.step) === 'chief'
  const all: readonly RevisitAnswer[] = isChief ? ['satisfied', 'unsatisfied', 'unresolved'] : ['satisfied', 'unsatisfied']
  const within = (since: string | null, days: number) => since !== null && Date.parse(now) < Date.parse(since) + days * 86_400_000
  switch (stateOf(facts)) {
    case 'to_answer': return all
    case 'no_reply': return within(facts.noReplyAt, reopenDays) ? all : []
    // Nobody came in time: that may be said, and nobody has to wait for the visit to say it.
    case 'to_visit': return isOverdue(facts, now, calendar) ? all.filter(answer => answer !== 'satisfied') : []
    case 'satisfied': return facts.answeredBy === 'staff' && within(facts.answeredAt, overturnDays) ? ['satisfied', 'unsatisfied'] : []
    default: return []
  }
}

export type RevisitAct = 'inform' | 'remind' | 'no_reply'

/** What a job has to do about a step now. `informed`: the next level has been told already. */
export function dueActs(facts: RevisitFacts & { informedAt: string | null }, now: string, calendar: StationCalendar): RevisitAct[] {
  const isPast = (instant: string) => Date.parse(now) >= Date.parse(instant)
  switch (stateOf(facts)) {
    case 'to_visit': return isOverdue(facts, now, calendar) && !facts.informedAt ? ['inform'] : []
    case 'to_answer':
      if (!facts.remindedAt) return isPast(dueAfter(facts.visitedAt ?? now, reminderDays, calendar)) ? ['remind'] : []
      return isPast(dueAfter(facts.remindedAt, silenceDays, calendar)) ? ['no_reply'] : []
    default: return []
  }
}

/**
 * On-time rate (PRODUCT §2): visits made in time ÷ (visits made + those that are owed and late, or never came). Undefined without any.
 * A visit that is not due yet counts nowhere.
 */
export function onTimeRate(steps: readonly RevisitFacts[], now: string, calendar: StationCalendar): { inTime: number, counted: number, rate: number | undefined } {
  const counted = steps.filter(step => step.visitedAt !== null || isLate(step, now, calendar))
  const inTime = counted.filter(step => !isLate(step, now, calendar)).length
  return { inTime, counted: counted.length, rate: counted.length ? inTime / counted.length : undefined }
}
