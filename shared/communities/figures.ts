import { z } from 'zod'
import { controlTable, publishedRate, smallestBase, type RawFigure } from '../trust/disclosure-control.ts'

/*
  Public figures (PRODUCT §2, RULES E3). By month and community: visits in time, what residents answered, what officers wrote down for them, and
  silence. By week, for the station: first looks and decisions in time. No case is counted by month and by week in the same measure.
*/
export const monthlyMeasures = ['visits', 'answers', 'recorded', 'silent'] as const
export const weeklyMeasures = ['first_looks', 'decisions'] as const
/** What residents say of the officers, by month: of ballots, of open answers, and how many answers came in numbers from one network. */
export const ratingMeasures = ['knows', 'familiar', 'satisfied', 'prompt', 'polite', 'effective', 'turnout', 'open_knows', 'open_satisfied', 'marked'] as const
export type Measure = typeof monthlyMeasures[number] | typeof weeklyMeasures[number] | typeof ratingMeasures[number]

/** What a release is about: each topic is released once for a period. */
export const figureTopics = ['conduct', 'ratings'] as const

export const figurePeriods = ['month', 'week'] as const
export const figureScopes = ['station', 'community', 'elsewhere'] as const

/** A period that is over, as it was counted. */
export interface CountedPeriod {
  period: typeof figurePeriods[number]
  topic?: typeof figureTopics[number]
  /** Ids of the communities, in the order of the station. */
  communities: readonly string[]
  counts: readonly { measure: string, communityId: string | null, base: number, count: number | null }[]
}

/** A figure as it is kept and published: multiples of five, null is hidden. */
export interface KeptFigure { measure: Measure, scope: typeof figureScopes[number], communityId: string | null, base: number | null, count: number | null }

/**
 * RULES E3: what of a period goes out. Reports without one of these communities are a row of their own, or the total would give them away; when
 * they are fewer than ten, they are left out of the total: as a hidden row they would take a community with them each month.
 */
export function controlPeriod({ period, topic = 'conduct', communities, counts }: CountedPeriod): KeptFigure[] {
  const measures: readonly Measure[] = topic === 'ratings' ? ratingMeasures : period === 'month' ? monthlyMeasures : weeklyMeasures
  return measures.flatMap((measure) => {
    const found = counts.filter(count => count.measure === measure)
    const sum = (some: typeof found): RawFigure => ({ base: some.reduce((all, { base }) => all + base, 0), count: measure === 'silent' ? null : some.reduce((all, { count }) => all + (count ?? 0), 0) })
    if (period === 'week') return [{ measure, scope: 'station' as const, communityId: null, ...controlTable([sum(found)]).total }]
    const isAt = (place: string | null) => ({ communityId }: { communityId: string | null }) => place === null ? communityId === null || !communities.includes(communityId) : communityId === place
    const places = sum(found.filter(isAt(null))).base < smallestBase ? communities : [...communities, null]
    const { total, rows } = controlTable(places.map(place => sum(found.filter(isAt(place)))))
    return [
      { measure, scope: 'station' as const, communityId: null, ...total },
      ...places.map((place, index) => ({ measure, scope: place === null ? 'elsewhere' as const : 'community' as const, communityId: place, base: rows[index]?.base ?? null, count: rows[index]?.count ?? null })),
    ]
  })
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
