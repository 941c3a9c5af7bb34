import { z } from 'zod'
import { controlCrossTable } from '../trust/control-cross-table.ts'
import { controlTable, publishedRate, smallestBase, type RawFigure } from '../trust/disclosure-control.ts'

/*
  Public figures (PRODUCT §2, RULES E3). By month and community: visits in time, what residents answered, what officers wrote down for them, and
  silence. By week, for the station: first looks and decisions in time. No case is counted by month and by week in the same measure.
*/
export const monthlyMeasures = ['visits', 'answers', 'recorded', 'silent'] as const
export const weeklyMeasures = ['first_looks', 'decisions'] as const
/** What residents say of the officers, by month: of ballots, of open answers, how many answers came in numbers from one network or from the station, and how many open ones in an hour of unusually many. */
export const ratingMeasures = ['knows', 'familiar', 'satisfied', 'prompt', 'polite', 'effective', 'turnout', 'open_knows', 'open_satisfied', 'marked', 'burst'] as const
/** What happened in a month: reports that came in (by kind as well), how far alerts came, what patrols did. */
export const activityMeasures = ['received', 'reached', 'patrols', 'attendances', 'hours', 'findings'] as const
export type Measure = typeof monthlyMeasures[number] | typeof weeklyMeasures[number] | typeof ratingMeasures[number] | typeof activityMeasures[number]

/** What a release is about: each topic is released once for a period. */
export const figureTopics = ['conduct', 'ratings', 'activity'] as const

export const figurePeriods = ['month', 'week'] as const
export const figureScopes = ['station', 'community', 'elsewhere'] as const

/** A period that is over, as it was counted. */
export interface CountedPeriod {
  period: typeof figurePeriods[number]
  topic?: typeof figureTopics[number]
  /** Ids of the communities, in the order of the station. */
  communities: readonly string[]
  counts: readonly { measure: string, communityId: string | null, category?: string | null, base: number, count: number | null }[]
}

/** A figure as it is kept and published: multiples of five, null is hidden. */
export interface KeptFigure { measure: Measure, scope: typeof figureScopes[number], communityId: string | null, category?: string | null, base: number | null, count: number | null }

/**
 * RULES E3: what of a period goes out. Reports without one of these communities are a row of their own, or the total would give them away; when
 * they are fewer than ten, they are left out of the total: as a hidden row they would take a community with them each month.
 */
export function controlPeriod({ period, topic = 'conduct', communities, counts }: CountedPeriod): KeptFigure[] {
  const measures: readonly Measure[] = topic === 'ratings' ? ratingMeasures : topic === 'activity' ? activityMeasures : period === 'month' ? monthlyMeasures : weeklyMeasures
  return measures.flatMap((measure) => {
    if (measure === 'received') return controlKinds(communities, counts.filter(count => count.measure === measure))
    const found = counts.filter(count => count.measure === measure)
    const sum = (some: typeof found): RawFigure => ({ base: some.reduce((all, { base }) => all + base, 0), count: isCountAlone(measure) ? null : some.reduce((all, { count }) => all + (count ?? 0), 0) })
    if (period === 'week' || measure === 'reached') return [{ measure, scope: 'station' as const, communityId: null, ...controlTable([sum(found)]).total }]
    const isAt = (place: string | null) => ({ communityId }: { communityId: string | null }) => place === null ? communityId === null || !communities.includes(communityId) : communityId === place
    const places = sum(found.filter(isAt(null))).base < smallestBase ? communities : [...communities, null]
    const { total, rows } = controlTable(places.map(place => sum(found.filter(isAt(place)))))
    return [
      { measure, scope: 'station' as const, communityId: null, ...total },
      ...places.map((place, index) => ({ measure, scope: place === null ? 'elsewhere' as const : 'community' as const, communityId: place, base: rows[index]?.base ?? null, count: rows[index]?.count ?? null })),
    ]
  })
}

/** Only how many there were. */
const isCountAlone = (measure: Measure) => measure === 'silent' || measure === 'attendances' || measure === 'hours'

/**
 * Reports by kind and community: two margins of one table (shared/trust/control-cross-table.ts). Its rows are communities, the last one is "elsewhere"; small ones are
 * counted together with others, and a community that is not alone in its row is hidden. Margins are sums of what is shown.
 */
function controlKinds(communities: readonly string[], counts: CountedPeriod['counts']): KeptFigure[] {
  const kinds = [...new Set(counts.map(({ category }) => category ?? ''))].toSorted()
  const places = [...communities, null]
  const placeOf = (communityId: string | null) => communityId !== null && communities.includes(communityId) ? communities.indexOf(communityId) : communities.length
  const cells = places.map((_, place) => kinds.map(kind => counts.reduce((sum, count) => sum + (placeOf(count.communityId) === place && (count.category ?? '') === kind ? count.base : 0), 0)))
  const table = controlCrossTable(cells)
  if (!table) return [{ measure: 'received', scope: 'station', communityId: null, category: null, base: null, count: null }]
  const line = (at: Pick<KeptFigure, 'scope' | 'communityId'>, base: number, row: readonly number[]): KeptFigure[] => [
    { measure: 'received', ...at, category: null, base, count: null }, ...kinds.map((category, index) => ({ measure: 'received' as const, ...at, category, base, count: row[index] ?? 0 })),
  ]
  return [...line({ scope: 'station', communityId: null }, table.base, table.columns), ...table.rows.flatMap(({ rows, cells: row, base }) => {
    const [only, ...others] = rows.map(place => communities[place])
    return only !== undefined && others.length === 0 ? line({ scope: 'community', communityId: only }, base, row) : []
  })]
}

/** What a page shows of one figure: the rate with its interval, or nothing but "too few". */
export const figureSchema = z.object({
  base: z.number().nullable(), count: z.number().nullable(),
  rate: z.object({ percent: z.number(), low: z.number(), high: z.number() }).nullable(),
})
export type Figure = z.infer<typeof figureSchema>

/** Rate and interval come from the rounded counts (RULES E3). */
export function toFigure({ base, count }: Pick<KeptFigure, 'base' | 'count'>): Figure {
  return { base, count, rate: publishedRate({ base, count }) ?? null }
}

const day = z.iso.date()
export const figuresSchema = z.object({
  months: z.array(z.object({
    startsOn: day, releasedAt: z.iso.datetime({ offset: true }),
    rows: z.array(z.object({ scope: z.enum(figureScopes), community: z.string().nullable(), visits: figureSchema, answers: figureSchema, recorded: figureSchema, silent: figureSchema })),
  })),
  weeks: z.array(z.object({ startsOn: day, releasedAt: z.iso.datetime({ offset: true }), firstLooks: figureSchema, decisions: figureSchema })),
})
export type Figures = z.infer<typeof figuresSchema>
export type MonthRow = Figures['months'][number]['rows'][number]

/** Releases as they are kept → months with a row for the station, each community and the rest; weeks of the station. Newest first. */
export function arrangeFigures(releases: readonly { period: typeof figurePeriods[number], startsOn: string, releasedAt: string, figures: readonly KeptFigure[] }[], slugOf: (communityId: string) => string | undefined): Figures {
  const nothing = toFigure({ base: null, count: null })
  const pick = (figures: readonly KeptFigure[], measure: Measure, at: Pick<KeptFigure, 'scope' | 'communityId'>) => {
    const found = figures.find(figure => figure.measure === measure && figure.scope === at.scope && figure.communityId === at.communityId)
    return found ? toFigure(found) : nothing
  }
  const station = { scope: 'station', communityId: null } as const
  return {
    months: releases.filter(({ period }) => period === 'month').map(({ startsOn, releasedAt, figures }) => ({
      startsOn, releasedAt,
      rows: figures.filter(({ measure }) => measure === 'visits').flatMap((at) => {
        const community = at.communityId === null ? null : slugOf(at.communityId)
        if (community === undefined) return []
        const row = (measure: Measure) => pick(figures, measure, at)
        return [{ scope: at.scope, community, visits: row('visits'), answers: row('answers'), recorded: row('recorded'), silent: row('silent') }]
      }),
    })),
    weeks: releases.filter(({ period }) => period === 'week').map(({ startsOn, releasedAt, figures }) => ({ startsOn, releasedAt, firstLooks: pick(figures, 'first_looks', station), decisions: pick(figures, 'decisions', station) })),
  }
}

const kind = z.object({ category: z.string(), count: z.number() })
export const activitySchema = z.object({
  months: z.array(z.object({
    startsOn: day, releasedAt: z.iso.datetime({ offset: true }),
    received: z.array(z.object({ scope: z.enum(figureScopes), community: z.string().nullable(), base: z.number(), kinds: z.array(kind) })).meta({ description: 'Reports of the month; a community that stands together with others has no row' }),
    reached: figureSchema, patrols: z.array(z.object({ scope: z.enum(figureScopes), community: z.string().nullable(), patrols: figureSchema, attendances: figureSchema, hours: figureSchema, findings: figureSchema })),
  })),
})
export type Activity = z.infer<typeof activitySchema>

/** Releases of what happened, newest first. */
export function arrangeActivity(releases: readonly { startsOn: string, releasedAt: string, figures: readonly KeptFigure[] }[], slugOf: (communityId: string) => string | undefined): Activity {
  return {
    months: releases.map(({ startsOn, releasedAt, figures }) => {
      const placed = figures.flatMap((figure) => {
        const community = figure.communityId === null ? null : slugOf(figure.communityId)
        return community === undefined ? [] : [{ ...figure, community }]
      })
      const pick = (measure: Measure, at: { scope: string, community: string | null }) => toFigure(placed.find(figure => figure.measure === measure && figure.scope === at.scope && figure.community === at.community) ?? { base: null, count: null })
      const rows = (measure: Measure) => placed.filter(figure => figure.measure === measure && (figure.category ?? null) === null)
      return {
        startsOn, releasedAt, reached: pick('reached', { scope: 'station', community: null }),
        received: rows('received').flatMap(({ scope, community, base }) => base === null
          ? []
          : [{
              scope, community, base, kinds: placed.flatMap(figure => figure.measure === 'received' && figure.scope === scope && figure.community === community && figure.category ? [{ category: figure.category, count: figure.count ?? 0 }] : []).toSorted((a, b) => b.count - a.count),
            }]),
        patrols: rows('patrols').map(({ scope, community }) => ({ scope, community, patrols: pick('patrols', { scope, community }), attendances: pick('attendances', { scope, community }), hours: pick('hours', { scope, community }), findings: pick('findings', { scope, community }) })),
      }
    }),
  }
}
