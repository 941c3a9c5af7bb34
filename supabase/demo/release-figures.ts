import type { TransactionSql } from 'postgres'
import { controlPeriod } from '../../shared/communities/figures.ts'

type Due = { periods: { station_id: string, period: 'month' | 'week', starts_on: string, communities: string[], counts: { measure: string, community_id: string | null, base: number, count: number | null }[] }[] }

/** What the job `communities:release` would do in its first run: the figures are there when the first page is opened. */
export async function releaseDemoFigures(sql: TransactionSql): Promise<void> {
  const [row] = await sql<{ due: Due }[]>`select public.count_due_figures() as due`
  for (const { station_id: station, period, starts_on, communities, counts } of row?.due.periods ?? []) {
    const figures = controlPeriod({ period, communities, counts: counts.map(({ community_id: communityId, ...count }) => ({ ...count, communityId })) })
      .map(({ communityId, ...figure }) => ({ ...figure, community_id: communityId }))
    await sql`select public.release_figures(${sql.json({ station, period, starts_on, figures })})`
  }
}
