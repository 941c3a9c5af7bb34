import { patrolHeatSchema, type PatrolHeat } from '#shared/patrols/heat-schema'
import { patrolPlanSchema, type PatrolPlan } from '#shared/patrols/plan-schema'
import { DeskProblem, useDeskApi } from '~/composables/use-desk-api'

/** What the reports of four weeks say of one week: proposals with what they rest on, and the table itself. */
export function usePatrolPlanner() {
  const api = useDeskApi()
  const plan = shallowRef<PatrolPlan>()
  const heat = shallowRef<PatrolHeat>()
  const problem = ref<DeskProblem>()
  const isBusy = ref(false)

  /** @param week any day of it; without one, the coming week */
  async function load(week?: string) {
    isBusy.value = true
    try {
      const [planned, table] = await Promise.all([api.get('desk/patrols/plan', patrolPlanSchema, week ? { week } : {}), heat.value ?? api.get('desk/patrols/heat', patrolHeatSchema)])
      plan.value = planned
      heat.value = table
      problem.value = undefined
    }
    catch (error) {
      if (!(error instanceof DeskProblem)) throw error
      problem.value = error
    }
    finally {
      isBusy.value = false
    }
  }

  return { plan, heat, problem, isBusy, load }
}
