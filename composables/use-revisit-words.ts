import { levelOf } from '#shared/revisits/ladder'
import type { QuestionKind, TrackedRevisit } from '#shared/revisits/tracked-revisit'
import { stepOfEvent } from '#shared/revisits/tracked-revisit'
import { useStationTime } from './use-station-time'

/** The ladder in words, as its reporter reads it. Times are the station's, reckoned from `now`. Where nobody may call or visit, coming back is a letter (RULES D3). */
export function useRevisitWords({ timeZone, now, isByLetter }: { timeZone: string, now: string, isByLetter: boolean }) {
  const { t } = useI18n()
  const time = useStationTime(timeZone, now)
  const level = (revisit: TrackedRevisit) => t(`revisits.levels.${revisit.level}`)
  const first = (revisit: TrackedRevisit) => t(`revisits.first.${revisit.level}`)

  /** What is asked, and what it is about. */
  function question({ revisit, kind }: { revisit: TrackedRevisit, kind: QuestionKind }): { title: string, lead: string } {
    const title = t(`revisits.question.${kind}`)
    if (kind === 'late') return { title, lead: t(revisit.level === 'chief' ? 'revisits.question.lateChiefLead' : 'revisits.question.lateLead', { level: level(revisit), time: time.by(revisit.dueAt) }) }
    const visit = { level: first(revisit), method: revisit.method ? t(`revisits.methods.${revisit.method}`) : '', time: time.at(revisit.visitedAt ?? now) }
    return { title, lead: t(`revisits.question.${kind}Lead`, { ...visit, until: time.at(revisit.answerBy ?? now) }) }
  }

  /** The answers that are open, as choices of the form. */
  function choices({ revisit, kind }: { revisit: TrackedRevisit, kind: QuestionKind }) {
    const next = { level: t(`revisits.levels.${levelOf(revisit.step + 1)}`), time: time.by(revisit.climbsUntil ?? now) }
    const hints = { satisfied: t('revisits.answer.satisfiedHint'), unsatisfied: t(isByLetter ? 'revisits.answer.unsatisfiedLetterHint' : 'revisits.answer.unsatisfiedHint', next), unresolved: t('revisits.answer.unresolvedHint') }
    return revisit.answers.map(value => ({
      value, hint: hints[value],
      label: kind === 'late' && value === 'unsatisfied' ? t('revisits.answer.nobodyCame') : t(`revisits.answers.${value}`),
    }))
  }

  /** Where the last step stands: the sentence, and the span of its bar while something is awaited. */
  function clock(revisit: TrackedRevisit): { state: 'running' | 'overdue' | 'done', words: string, label?: string, from?: string, until?: string } {
    const { state, answeredAt, answerBy } = revisit
    switch (state) {
      case 'to_visit': return {
        state: revisit.isLate ? 'overdue' : 'running', label: t('revisits.clock.label'), from: revisit.openedAt, until: revisit.dueAt,
        words: t(revisit.isLate ? (isByLetter ? 'revisits.clock.lateLetter' : 'revisits.clock.late') : isByLetter ? 'revisits.clock.to_write' : 'revisits.clock.to_visit', { level: level(revisit), time: time.by(revisit.dueAt) }),
      }
      case 'to_answer': return {
        state: 'running', label: t('revisits.clock.replyLabel'), from: revisit.remindedAt ?? revisit.visitedAt ?? now, until: answerBy ?? now,
        words: t(revisit.remindedAt ? 'revisits.clock.reminded' : 'revisits.clock.to_answer', { time: time.by(answerBy ?? now) }),
      }
      case 'no_reply': return { state: 'done', words: answerBy ? t('revisits.clock.no_reply', { time: time.at(answerBy) }) : t('revisits.clock.noReplyOver') }
      case 'satisfied': return { state: 'done', words: t(revisit.answeredBy === 'staff' ? 'revisits.clock.recorded' : 'revisits.clock.satisfied', { time: time.at(answeredAt ?? now) }) }
      default: return { state: 'done', words: t(`revisits.clock.${state}`, { time: time.at(answeredAt ?? now) }) }
    }
  }

  /** The title of an event of the ladder in the timeline. */
  function event(revisits: readonly TrackedRevisit[], entry: { kind: string, at: string }): string {
    const step = stepOfEvent(revisits, entry)
    if (entry.kind === 'revisit_answered' && step?.answer) return t('revisits.events.revisit_answeredAs', { answer: t(`revisits.answers.${step.answer}`) })
    return t(`revisits.events.${entry.kind}`, { level: step ? first(step) : t('revisits.first.station') })
  }

  /** What the reporter's own answer brought about. */
  function done(revisit: TrackedRevisit): string | undefined {
    if (revisit.state === 'to_visit') return t(isByLetter ? 'revisits.done.unsatisfiedLetter' : 'revisits.done.unsatisfied', { level: level(revisit), time: time.by(revisit.dueAt) })
    return revisit.state === 'satisfied' || revisit.state === 'unresolved' ? t(`revisits.done.${revisit.state}`) : undefined
  }

  return { question, choices, clock, event, done }
}
