import { DeskProblem } from '~/composables/use-desk-api'

/** What the desk says about what was just done: short, and with "undo" where it can be undone. */
export function useDeskToasts() {
  const { t } = useI18n()
  const toast = useToast()
  /** Only the last act is told, and can be undone: an older offer would undo into something else. */
  const told = useState<string | number | undefined>('desk.told', () => undefined)

  function done(title: string, undo?: () => Promise<void>) {
    if (told.value !== undefined) toast.remove(told.value)
    told.value = toast.add({
      title, color: 'success', icon: 'i-lucide-check', duration: undo ? 12_000 : 5_000,
      ...(undo && { actions: [{ label: t('desk.undo'), color: 'neutral' as const, variant: 'outline' as const, onClick: () => void undo().catch(failed) }] }),
    }).id
  }

  /** Shows a refusal; what is not a refusal is a fault of ours and goes on. */
  function failed(problem: unknown) {
    if (!(problem instanceof DeskProblem)) throw problem
    // Whoever has to sign in is already on their way.
    if (problem.status === 401) return
    const isConflict = problem.code === 'conflict'
    toast.add({
      title: isConflict ? t('desk.errors.conflict') : problem.title, description: isConflict ? t('desk.errors.conflictText') : [problem.detail, ...Object.values(problem.fields)].filter(Boolean).join(' '),
      color: 'error', icon: 'i-lucide-triangle-alert', duration: 12_000,
    })
  }

  return { done, failed }
}
