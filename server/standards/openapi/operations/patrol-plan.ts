import { patrolHeatSchema } from '#shared/patrols/heat-schema'
import { endedSeriesSchema, idPathSchema, savedRouteSchema } from '#shared/patrols/patrol-schema'
import { changeRouteSchema, exceptDaySchema, exceptedDayPathSchema, patrolPlanSchema, patrolReviewSchema, planQuerySchema, restoredDaySchema, retiredRouteSchema, reviewQuerySchema } from '#shared/patrols/plan-schema'
import type { Operation } from '../operation.ts'

/** What plans patrols at the desk. */
export const patrolPlanOperations: readonly Operation[] = [
  {
    noun: 'patrols', access: 'desk', method: 'get', path: '/api/desk/patrols/heat', id: 'readPatrolHeat',
    summary: 'Where and when reports of public categories cluster: grid, weekday and two hours, over the last 28 days, with 95 % intervals. Officers: their communities; leads and chiefs: the station',
    answers: [{ status: 200, says: 'The table.', schema: patrolHeatSchema }], errors: [],
  },
  {
    noun: 'patrols', access: 'desk', method: 'post', path: '/api/desk/patrols/routes/{id}', id: 'changeRoute', params: idPathSchema, body: changeRouteSchema, summary: 'A route anew; checkpoints with an id keep their posters, others are new',
    answers: [{ status: 200, says: 'The route.', schema: savedRouteSchema }], errors: ['conflict', 'invalid_input'],
  },
  {
    noun: 'patrols', access: 'desk', method: 'post', path: '/api/desk/patrols/routes/{id}/retire', id: 'retireRoute', params: idPathSchema, summary: 'Offers a route no more; refused while a shift to come or a series needs it',
    answers: [{ status: 200, says: 'The route that was.', schema: retiredRouteSchema }], errors: ['conflict'],
  },
  {
    noun: 'patrols', access: 'desk', method: 'post', path: '/api/desk/patrols/series/{id}/exceptions', id: 'exceptSeriesDay', params: idPathSchema, body: exceptDaySchema, summary: 'Takes one day out of a series, calls its shift off and tells who was on it',
    answers: [{ status: 200, says: 'How many shifts were called off.', schema: endedSeriesSchema }], errors: ['reason_missing', 'conflict', 'invalid_input'],
  },
  {
    noun: 'patrols', access: 'desk', method: 'delete', path: '/api/desk/patrols/series/{id}/exceptions/{day}', id: 'restoreSeriesDay', params: exceptedDayPathSchema, summary: 'Puts a day back into a series, as a new shift that nobody is on',
    answers: [{ status: 200, says: 'How many shifts were written.', schema: restoredDaySchema }], errors: ['invalid_input'],
  },
  {
    noun: 'patrols', access: 'desk', method: 'get', path: '/api/desk/patrols/plan', id: 'planPatrols', query: planQuerySchema, summary: 'Shifts of a week that the reports speak for, and how much is covered',
    answers: [{ status: 200, says: 'Places and hours with what they rest on; nothing of any report, nobody\'s name.', schema: patrolPlanSchema }], errors: [],
  },
  {
    noun: 'patrols', access: 'desk', method: 'get', path: '/api/desk/patrols/review', id: 'reviewPatrols', query: reviewQuerySchema, summary: 'Figures of some days and a draft of their review, for leads and chiefs',
    answers: [{ status: 200, says: 'Numbers, nobody\'s name.', schema: patrolReviewSchema }], errors: ['invalid_input'],
  },
]
