import { z } from 'zod'
import { publishedRate } from '../trust/disclosure-control.ts'
import type { KeptFigure } from './figures.ts'

/* Open data: everything that was published, as tables. What a column means stands in locales (`communities.data.columns`), one name for one meaning in all of them. */

export const dataTopics = ['conduct', 'ratings', 'activity', 'surveys', 'releases'] as const
export type DataTopic = typeof dataTopics[number]

const figureColumns = ['period', 'starts_on', 'scope', 'community', 'measure', 'category', 'base', 'count', 'percent', 'low', 'high'] as const
/** The columns of each table, in their order. */
export const dataColumns = {
  conduct: figureColumns, ratings: figureColumns, activity: figureColumns,
  surveys: ['survey', 'title', 'closed_on', 'question', 'row', 'answer', 'who', 'communities', 'count', 'base', 'percent', 'low', 'high', 'weighted_percent'],
  releases: ['topic', 'period', 'starts_on', 'released_at', 'survey'],
} as const satisfies Record<DataTopic, readonly string[]>
export type DataRow = (string | number | null)[]

export const dataPathSchema = z.object({ file: z.string().regex(new RegExp(`^(?:${dataTopics.join('|')})\\.(?:csv|json)$`)) })
export const openDataSchema = z.object({ topic: z.enum(dataTopics), columns: z.array(z.string()), rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))) })

/** Published figures as lines; what is hidden has no numbers. */
export function figureRows(releases: readonly { period: string, startsOn: string, figures: readonly KeptFigure[] }[], slugOf: (communityId: string) => string | undefined): DataRow[] {
  return releases.flatMap(({ period, startsOn, figures }) => figures.map((figure) => {
    const rate = publishedRate(figure)
    return [period, startsOn, figure.scope, figure.communityId === null ? null : slugOf(figure.communityId) ?? figure.communityId, figure.measure, figure.category ?? null, figure.base, figure.count, rate?.percent ?? null, rate?.low ?? null, rate?.high ?? null]
  }))
}
