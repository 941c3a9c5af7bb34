import { decidedCorrectionSchema, deskPointsSchema, type DeskPoints, type GrantPoints, type SetPoints } from '#shared/patrols/points-schema'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'
import { useDeskToasts } from '~/composables/use-desk-toasts'

/** The ledger of a station: corrections of hours to decide, the budget, the rules. */
export function useDeskPoints() {
  const { t } = useI18n()
  const api = useDeskApi()
  const { done, failed } = useDeskToasts()
  const points = shallowRef<DeskPoints>()
  const problem = ref<DeskProblem>()

  async function load() {
    try {
      points.value = await api.get('desk/patrols/points', deskPointsSchema)
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      problem.value = error
    }
  }

  /** → whether it was done */
  async function act(work: () => Promise<unknown>, words: string): Promise<boolean> {
    try {
      await work()
      done(words)
      await load()
      return true
    }
    catch (error) {
      failed(error)
      await load()
      return false
    }
  }

  return {
    points, problem, load,
    decide: (id: string, approve: boolean, note: string) => act(() => api.post(`desk/patrols/points/corrections/${id}`, { approve, ...note.trim() && { note } }, decidedCorrectionSchema), t('patrols.points.desk.done')),
    set: (wanted: SetPoints) => act(() => api.post('desk/patrols/points', wanted, deskPointsSchema), t('patrols.points.desk.saved')),
    grant: (granted: GrantPoints) => act(() => api.post('desk/patrols/points/grants', granted, deskPointsSchema), t('patrols.points.desk.granted')),
  }
}
