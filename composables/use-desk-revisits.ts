import type { DeskReport } from '#shared/reports/desk-schema'
import { recordedSchema, settledSchema, type DeskRevisit, type RecordVisitInput } from '#shared/revisits/revisit-schema'
import { takeSteps } from '#shared/revisits/take-steps'
import { useDesk } from '~/composables/use-desk'
import { useDeskApi } from '~/composables/use-desk-api'
import type { DeskPart } from '~/composables/use-desk-report'
import { useDeskToasts } from '~/composables/use-desk-toasts'

type Act = (part: DeskPart, run: (report: DeskReport) => Promise<void>) => Promise<boolean>

/** What is done on the ladder of an opened report. `act` and `happened` are those of `useDeskReport`: what was done is put into the view. */
export function useDeskRevisits(reference: () => string, act: Act, happened: (kind: string) => void) {
  const api = useDeskApi()
  const { t } = useI18n()
  const { profile, colleagues, refreshCounts } = useDesk()
  const { done } = useDeskToasts()
  const path = (rest: string) => `desk/reports/${encodeURIComponent(reference())}/${rest}`
  const nobody = { zh: '', en: '' }

  const recordVisit = (id: string, visit: RecordVisitInput) => act('revisits', async (report) => {
    const kept = await api.post(path(`revisits/${id}/record`), visit, recordedSchema)
    const step = report.revisits.find(known => known.id === id)
    if (step) {
      Object.assign(step, {
        mayVisit: false, visitedAt: kept.visitedAt, visitor: profile.value?.name ?? null, method: visit.method, topics: visit.topics, record: { met: visit.met, note: visit.note, measures: visit.measures },
        ...(visit.answer && { answer: visit.answer, answeredAt: kept.visitedAt, answeredBy: 'staff', recordedAnswer: visit.answer, comment: visit.comment ?? null }),
      } satisfies Partial<DeskRevisit>)
      if (kept.next) report.revisits = takeSteps(report.revisits, [{ ...kept.next, round: step.round }])
    }
    for (const { id: suggestion, owner, position } of kept.suggestions) {
      const given = visit.suggestions[position]
      const name = colleagues.value.find(({ userId }) => userId === owner)?.name ?? nobody
      const isMine = owner === profile.value?.userId || profile.value?.role !== 'officer'
      if (given) report.suggestions.push({ id: suggestion, at: kept.visitedAt, text: given.text, owner: name, dueOn: given.dueOn, outcome: null, doneAt: null, doneBy: null, maySettle: isMine })
    }
    if (visit.letter && kept.letterId) {
      report.messages.push({ id: kept.letterId, at: kept.visitedAt, author: 'staff', name: profile.value?.name ?? null, text: visit.letter, readAt: null })
      happened('message')
    }
    happened('revisit_made')
    done(t('desk.revisits.recorded'))
    void refreshCounts()
  })

  const settleSuggestion = (id: string, text: string) => act('revisits', async (report) => {
    const { doneAt } = await api.post(path(`suggestions/${id}/outcome`), { text }, settledSchema)
    const suggestion = report.suggestions.find(known => known.id === id)
    if (suggestion) Object.assign(suggestion, { outcome: text, doneAt, doneBy: profile.value?.name ?? nobody, maySettle: false })
    happened('suggestion_settled')
    done(t('desk.revisits.suggestions.settled'))
  })

  return { recordVisit, settleSuggestion }
}
