import type { RouteChange } from '#shared/patrols/plan-schema'
import type { DeskActor } from '#server/db/desk-reports'
import { patrolPlanQueries } from '#server/db/patrol-plan'
import type { Services } from '../services.ts'

/** A route anew, its checkpoints in their order; those with an id keep their posters. @throws AppError forbidden, not_found, conflict: a patrol is on it, invalid_input */
export async function changeRoute({ clients }: Services, actor: DeskActor, id: string, change: RouteChange) {
  return { id: (await patrolPlanQueries(clients, actor).changeRoute({ id, ...change })).id }
}

/** Offers a route no more. @throws AppError forbidden, not_found, conflict: a shift to come or a series needs it */
export async function retireRoute({ clients }: Services, actor: DeskActor, id: string) {
  await patrolPlanQueries(clients, actor).retireRoute(id)
  return { id }
}

/** Takes one day out of a series and calls its shift off. @throws AppError forbidden, not_found, reason_missing, conflict: it has begun, invalid_input: no day of it */
export async function exceptDay({ clients }: Services, actor: DeskActor, series: string, day: string, reason: string) {
  return { cancelled: (await patrolPlanQueries(clients, actor).exceptDay(series, day, reason)).cancelled }
}

/** Puts a day back into a series, as a new shift that nobody is on yet. @throws AppError forbidden, not_found: no day that was taken out, invalid_input: a day that is over */
export async function restoreDay({ clients }: Services, actor: DeskActor, series: string, day: string) {
  return { added: (await patrolPlanQueries(clients, actor).restoreDay(series, day)).added }
}
