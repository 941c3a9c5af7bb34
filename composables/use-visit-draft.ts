import type { DeskReport } from '#shared/reports/desk-schema'
import { dayOf } from '#shared/reports/wall-time'
import { metBy, recordVisitSchema, type RecordVisitInput } from '#shared/revisits/revisit-schema'
import { useDesk } from '~/composables/use-desk'
import { dropVisit, keepVisit, readKeptVisit, type VisitDraft } from '~/composables/use-kept-visits'

export type VisitGap = 'method' | 'letter' | 'met' | 'suggestion' | 'dueOn'

/** A fortnight: what is proposed at a door is usually seen to at the next. */
const suggestionDays = 14

/**
 * What is typed about a visit and what is still missing. It stays in the tab while the tab lives, reloads included, and goes when the record is kept,
 * put aside or its writer signs out: it is as private as the report itself.
 */
export function useVisitDraft(opened: () => DeskReport, revisit: string) {
  const { profile } = useDesk()
  const me = profile.value?.userId ?? ''
  const kept = readKeptVisit(me, revisit)
  const draft = reactive<VisitDraft>(kept ?? {
    topics: { reception: 'not_raised', manner: 'not_raised', discipline: 'not_raised', scene_work: 'not_raised', checks: 'not_raised', leads: 'not_raised', prevention: 'not_raised' },
    note: '', measures: '', letter: '', suggestions: [], answer: 'none', comment: '',
  })

  const missing = computed<VisitGap[]>(() => [
    ...draft.method ? [] : ['method' as const], ...draft.method === 'portal' && !draft.letter.trim() ? ['letter' as const] : [], ...draft.met && metBy(draft.method).includes(draft.met) ? [] : ['met' as const],
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
    ...(draft.method === 'portal' && { letter: draft.letter }),
  })

  // A tab that is closed takes the draft with it: the browser asks first.
  const isTouched = computed(() => draft.method !== undefined || draft.met !== undefined || draft.note !== '' || draft.measures !== '' || draft.letter !== '' || draft.suggestions.length > 0)
  const warn = (event: BeforeUnloadEvent) => {
    if (isTouched.value) event.preventDefault()
  }
  onMounted(() => addEventListener('beforeunload', warn))
  onBeforeUnmount(() => removeEventListener('beforeunload', warn))

  let isOver = false
  watch(draft, () => {
    if (isTouched.value && !isOver) keepVisit(me, revisit, draft)
  }, { deep: true })
  /** The record is kept by the station, or put aside. */
  function drop() {
    isOver = true
    dropVisit(me, revisit)
  }

  return { draft, isKept: kept !== undefined, drop, missing, addSuggestion, removeSuggestion, read }
}
