import type { DeskReport } from '#shared/reports/desk-schema'
import { dayOf } from '#shared/reports/wall-time'
import { metBy, recordVisitSchema, type RecordVisitInput, type revisitTopics, type RevisitMethod, type topicMarks, type VisitRecord } from '#shared/revisits/revisit-schema'
import { useDesk } from '~/composables/use-desk'

/** A suggestion while it is typed. `key` lives as long as the form. */
export interface SuggestionDraft { key: string, text: string, owner: string, dueOn: string }
export type VisitGap = 'method' | 'met' | 'suggestion' | 'dueOn'

interface VisitDraft {
  method?: RevisitMethod
  met?: VisitRecord['met']
  topics: Record<typeof revisitTopics[number], typeof topicMarks[number]>
  note: string
  measures: string
  suggestions: SuggestionDraft[]
  answer: 'none' | 'satisfied' | 'unsatisfied'
  comment: string
}

/** A fortnight: what is proposed at a door is usually seen to at the next. */
const suggestionDays = 14

/** What is typed about a visit and what is still missing. Kept in memory only: it is as private as the report itself. */
export function useVisitDraft(opened: () => DeskReport) {
  const { profile } = useDesk()
  const draft = reactive<VisitDraft>({
    topics: { reception: 'not_raised', manner: 'not_raised', discipline: 'not_raised', scene_work: 'not_raised', checks: 'not_raised', leads: 'not_raised', prevention: 'not_raised' },
    note: '', measures: '', suggestions: [], answer: 'none', comment: '',
  })

  const missing = computed<VisitGap[]>(() => [
    ...draft.method ? [] : ['method' as const], ...draft.met && metBy(draft.method).includes(draft.met) ? [] : ['met' as const],
    ...draft.suggestions.some(({ text }) => !text.trim()) ? ['suggestion' as const] : [], ...draft.suggestions.some(({ dueOn }) => !dueOn) ? ['dueOn' as const] : [],
  ])

  function addSuggestion() {
    const { now, timeZone } = opened()
    draft.suggestions.push({ key: crypto.randomUUID(), text: '', owner: profile.value?.userId ?? '', dueOn: dayOf(new Date(Date.parse(now) + suggestionDays * 86_400_000).toISOString(), timeZone) })
  }
  const removeSuggestion = (key: string) => {
    draft.suggestions = draft.suggestions.filter(known => known.key !== key)
  }

  /** As it is sent; call it when nothing is missing. */
  const read = (): RecordVisitInput => recordVisitSchema.parse({
    method: draft.method, met: draft.met, topics: draft.topics, note: draft.note, measures: draft.measures, suggestions: draft.suggestions.map(({ text, owner, dueOn }) => ({ text, dueOn, ...(owner && { owner }) })),
    ...(draft.met === 'reporter' && draft.answer !== 'none' && { answer: draft.answer, ...(draft.comment.trim() && { comment: draft.comment }) }),
  })

  // A phone that is put away, a tab that is closed: the browser asks first.
  const isTouched = computed(() => draft.method !== undefined || draft.met !== undefined || draft.note !== '' || draft.measures !== '' || draft.suggestions.length > 0)
  const warn = (event: BeforeUnloadEvent) => {
    if (isTouched.value) event.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', warn))
  onBeforeUnmount(() => removeEventListener('beforeunload', warn))

  return { draft, missing, addSuggestion, removeSuggestion, read }
}
