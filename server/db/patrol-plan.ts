import { z } from 'zod'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'

const done = z.object({ ok: z.literal(true) })
const plan = done.extend({
  now: z.string(), shifts: z.array(z.object({ starts_at: z.string(), ends_at: z.string(), grids: z.array(z.uuid()) })),
  available: z.array(z.object({ weekday: z.number(), part: z.string(), count: z.number() })),
})
const figures = done.extend({
  planned: z.number(), held: z.number(), called_off_few: z.number(), called_off: z.number(), not_held: z.number(), people: z.number(), attendances: z.number(), missed: z.number(),
  minutes: z.number(), night_minutes: z.number(), findings: z.number(), findings_closed: z.number(),
})

/** What the planner of patrols reads and changes beside the shifts themselves, under the token of whoever plans. */
export function patrolPlanQueries({ as }: Clients, { accessToken }: Pick<DeskActor, 'accessToken'>) {
  const own = as(accessToken)
  return {
    read: (from: string, to: string) => call(own, 'read_patrol_plan', { p: { from, to } }, plan),
    count: (from: string, until: string) => call(own, 'count_patrol_period', { p: { from, until } }, figures),
    changeRoute: (route: Record<string, unknown>) => call(own, 'change_patrol_route', { p: route as never }, done.extend({ id: z.uuid() })),
    retireRoute: (id: string) => call(own, 'retire_patrol_route', { p: { id } }, done),
    exceptDay: (id: string, day: string, reason: string) => call(own, 'except_series_day', { p: { id, day, reason } }, done.extend({ cancelled: z.number() })),
    restoreDay: (id: string, day: string) => call(own, 'restore_series_day', { p: { id, day } }, done.extend({ added: z.number() })),
  }
}
