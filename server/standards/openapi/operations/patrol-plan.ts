import { patrolHeatSchema } from '#shared/patrols/heat-schema'
import type { Operation } from '../operation.ts'

/** What plans patrols at the desk. */
export const patrolPlanOperations: readonly Operation[] = [
  {
    noun: 'patrols', access: 'desk', method: 'get', path: '/api/desk/patrols/heat', id: 'readPatrolHeat',
    summary: 'Where and when reports of public categories cluster: grid, weekday and two hours, over the last 28 days, with 95 % intervals. Officers: their communities; leads and chiefs: the station',
    answers: [{ status: 200, says: 'The table.', schema: patrolHeatSchema }], errors: [],
  },
]
