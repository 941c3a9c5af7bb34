import { countPatrolHeat } from '#server/db/patrol-heat'
import { heatTable } from '#shared/patrols/heat'
import type { PatrolHeat } from '#shared/patrols/heat-schema'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'

/** Where and when reports cluster in what the caller may see. @throws AppError forbidden for all but officers, leads and chiefs */
export async function readHeat({ clients }: Services, actor: Actor): Promise<PatrolHeat> {
  const { time_zone: timeZone, from, until, grids, counts, without_hour: withoutHour, without_place: withoutPlace } = await countPatrolHeat(clients, actor)
  const gridIds = grids.map(({ grid_id: id }) => id)
  const { empty, ...table } = heatTable(counts.map(({ grid_id: gridId, ...count }) => ({ gridId, ...count })), gridIds)
  return { timeZone, from, until, gridIds, ...table, cells: table.cells.map(cell => ({ ...cell, byWeek: [...cell.byWeek] })), empty: { ...empty, byWeek: [...empty.byWeek] }, withoutHour, withoutPlace }
}
