import { randomUUID } from 'node:crypto'
import { dueAfter } from '#shared/revisits/calendar'
import type { RevisitAnswer } from '#shared/revisits/ladder'
import type { VisitRecord } from '#shared/revisits/revisit-schema'

type Staff = { id: string, role: string }

/** Rows of the ladder, as the functions of the database would have left them. */
export type RevisitRow = {
  id: string, report_id: string, round: number, step: number, opened_at: Date, visited_at: Date | null, visited_by: string | null, method: string | null, topics: Record<string, string> | null,
  record_sealed: string | null, informed_at: Date | null, reminded_at: Date | null, no_reply_at: Date | null, answer: RevisitAnswer | null, answered_at: Date | null, answered_by: 'resident' | 'staff' | null,
  recorded_answer: RevisitAnswer | null, comment_sealed: string | null, stopped_at: Date | null
}
export type SuggestionRow = {
  id: string, revisit_id: string, report_id: string, at: Date, text_sealed: string, owner_id: string, due_on: string, outcome_sealed: string | null, done_at: Date | null, done_by: string | null
}

interface Teller {
  reportId: string
  isNamed: boolean
  seal: (text: string) => string
  event: (at: Date, kind: string, by: { role: string, id?: string }) => void
  log: (at: Date, by: { role: string, id?: string }, action: string, details: Record<string, string | number | boolean | null>) => void
  mail: (at: Date, template: string) => void
}

/** The demo counts calendar days, in Shanghai. */
const calendar = { timeZone: 'Asia/Shanghai', counting: 'calendar', days: {} } as const
const system = { role: 'system' }
const resident = { role: 'resident' }
const hourMs = 3_600_000

/** The ladder of one story: what `record_revisit`, `answer_revisit` and the job would have written, at times that have passed. */
export function tellLadder({ reportId, isNamed, seal, event, log, mail }: Teller) {
  const revisits: RevisitRow[] = []
  const suggestions: SuggestionRow[] = []
  const last = () => {
    const step = revisits.at(-1)
    if (!step) throw new Error('a demo story climbs a ladder before it is accepted')
    return step
  }

  function open(at: Date) {
    revisits.push({
      id: randomUUID(), report_id: reportId, round: 1, step: revisits.length + 1, opened_at: at, visited_at: null, visited_by: null, method: null, topics: null, record_sealed: null, informed_at: null,
      reminded_at: null, no_reply_at: null, answer: null, answered_at: null, answered_by: null, recorded_answer: null, comment_sealed: null, stopped_at: null,
    })
    event(at, 'revisit_opened', system)
  }

  /** @param recorded what staff wrote down as the answer */
  function visit(at: Date, staff: Staff, measures: string, recorded?: 'satisfied' | 'unsatisfied') {
    const step = last()
    const record: VisitRecord = { met: 'reporter', note: '', measures }
    const due = new Date(dueAfter(step.opened_at.toISOString(), 3, calendar))
    if (at > due) {
      step.informed_at = new Date(due.getTime() + 60_000)
      log(step.informed_at, system, 'revisit.overdue_told', { step: step.step })
    }
    Object.assign(step, {
      visited_at: at, visited_by: staff.id, method: isNamed ? step.step === 1 ? 'visit' : 'phone' : 'portal', topics: { reception: 'good', manner: recorded === 'unsatisfied' ? 'fair' : 'good', checks: 'fair' },
      record_sealed: seal(JSON.stringify(record)), ...(recorded && { answer: recorded, answered_at: at, answered_by: 'staff', recorded_answer: recorded }),
    })
    event(at, 'revisit_made', staff)
    log(at, staff, 'revisit.recorded', { step: step.step, method: step.method, answer: recorded ?? null })
    mail(at, 'revisits.asked')
    if (recorded === 'unsatisfied') open(at)
  }

  function answer(at: Date, given: RevisitAnswer, comment?: string) {
    const step = last()
    Object.assign(step, { answer: given, answered_at: at, answered_by: 'resident', comment_sealed: comment ? seal(comment) : null })
    event(at, 'revisit_answered', resident)
    log(at, resident, 'revisit.answered', { step: step.step, answer: given, overturned: step.recorded_answer !== null })
    if (given === 'unsatisfied') open(at)
  }

  function remind(at: Date) {
    last().reminded_at = at
    event(at, 'revisit_reminded', system)
    mail(at, 'revisits.reminder')
  }

  function silent(at: Date) {
    last().no_reply_at = at
    event(at, 'revisit_silent', system)
    log(at, system, 'revisit.no_reply', { step: last().step })
  }

  function suggest(at: Date, staff: Staff, text: string) {
    suggestions.push({
      id: randomUUID(), revisit_id: last().id, report_id: reportId, at, text_sealed: seal(text), owner_id: staff.id, due_on: new Date(at.getTime() + 14 * 24 * hourMs).toISOString().slice(0, 10),
      outcome_sealed: null, done_at: null, done_by: null,
    })
  }

  function settle(at: Date, staff: Staff, text: string) {
    const open = suggestions.find(({ done_at: doneAt }) => !doneAt)
    if (!open) throw new Error('a demo story settles what nobody suggested')
    Object.assign(open, { outcome_sealed: seal(text), done_at: at, done_by: staff.id })
    event(at, 'suggestion_settled', staff)
    log(at, staff, 'suggestion.settled', {})
    mail(at, 'revisits.outcome')
  }

  /**
   * A story that says nothing of its visits had the usual one: mostly in time, and most residents answered that they are content.
   * Without the time for it, it is still owed. @param variation any number that differs from story to story
   */
  function goTheUsualWay(staff: Staff, now: Date, words: string, variation: number) {
    const step = revisits[0]
    if (!step || step.visited_at || step.stopped_at) return
    const hours = variation % 9 === 0 ? 100 : 20 + variation % 40
    const visitedAt = new Date(step.opened_at.getTime() + hours * hourMs)
    const answeredAt = new Date(visitedAt.getTime() + 9 * hourMs)
    if (visitedAt > now) return
    visit(visitedAt, staff, words)
    if (answeredAt <= now && variation % 5 !== 0) answer(answeredAt, 'satisfied')
  }

  return {
    revisits, suggestions, open, visit, answer, remind, silent, suggest, settle, goTheUsualWay,
    stop(at: Date) {
      const step = revisits.at(-1)
      if (step && !step.answer) step.stopped_at = at
    },
  }
}
