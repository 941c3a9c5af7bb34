import { dueAfter, type StationCalendar } from '../revisits/calendar.ts'
import { visitDays } from '../revisits/ladder.ts'
import type { Clock } from './clock.ts'

export interface PromisedStep { kind: Clock['kind'] | 'revisit', dueAt: string }

/**
 * What a reporter is promised and by when (RULES D1): a first look, an answer and, if the report is taken on, somebody who comes back. The last
 * day of a visit is reckoned from the last day of the answer; once there is an answer the ladder says it, and after a late one nobody can.
 * @param clocks of `reportClocks`
 */
export function promisedSteps(clocks: readonly Clock[], calendar: StationCalendar): PromisedStep[] {
  const steps: PromisedStep[] = clocks.map(({ kind, dueAt }) => ({ kind, dueAt }))
  const answer = clocks.find(({ kind }) => kind === 'answer')
  if (answer?.state !== 'running') return steps
  // A day ends with the midnight that begins the next one.
  const lastMoment = new Date(Date.parse(answer.dueAt) - 1).toISOString()
  return [...steps, { kind: 'revisit', dueAt: dueAfter(lastMoment, visitDays, calendar) }]
}
