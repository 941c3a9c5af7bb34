import { z } from 'zod'
import { call, type Clients } from './clients.ts'

const answer = z.object({
  ok: z.literal(true), time_zone: z.string(), from: z.string(), until: z.string(), grids: z.array(z.object({ grid_id: z.uuid(), community_id: z.uuid() })),
  counts: z.array(z.object({ grid_id: z.uuid(), weekday: z.number(), band: z.number(), week: z.number(), count: z.number() })), without_hour: z.number(), without_place: z.number(),
})

/** What the planner looks at, as far as the caller sees it. */
export function countPatrolHeat({ as }: Clients, { accessToken }: { accessToken: string }) {
  return call(as(accessToken), 'count_patrol_heat', undefined as never, answer)
}
