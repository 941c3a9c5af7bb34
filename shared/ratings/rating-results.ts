import { z } from 'zod'
import { localisedSchema } from '../communities/reference-data.ts'
import { figureSchema, ratingMeasures, toFigure, type Figure, type KeptFigure } from '../communities/figures.ts'
import { shrunkRate } from '../trust/shrunk-rate.ts'

/* What is published of the ratings: rates from rounded counts with their intervals, officers in the order of what is certain about them. */

const month = z.iso.date()
const rates = z.object(Object.fromEntries(ratingMeasures.map(measure => [measure, figureSchema])) as Record<(typeof ratingMeasures)[number], typeof figureSchema>)
export const ratingResultsSchema = z.object({
  rounds: z.array(z.object({
    month, releasedAt: z.iso.datetime({ offset: true }), station: rates,
    officers: z.array(z.object({ community: z.string(), name: localisedSchema, badgeNumber: z.string(), rates })).meta({ description: 'By the lower bound of satisfaction, drawn to the mean of the station; hidden ones last.' }),
    comments: z.array(z.object({ id: z.uuid(), community: z.string(), text: z.string(), answer: z.string().nullable(), answeredOn: month.nullable() })),
  })),
})
export type RatingResults = z.infer<typeof ratingResultsSchema>
type Rates = RatingResults['rounds'][number]['station']

/** The lower end of the 95 % interval of (x + k·p₀) of (n + k): what may be said for certain, with little said about few. @param mean share of the whole station, 0 to 1 */
export function certainShare({ base, count }: Pick<Figure, 'base' | 'count'>, mean: number): number | undefined {
  return base === null || count === null ? undefined : shrunkRate({ count, base }, mean)?.low
}

interface Released { startsOn: string, releasedAt: string, figures: readonly KeptFigure[] }
interface Round { month: string, subjects: readonly { community: string, communityId: string, officer: { zh: string, en: string }, badgeNumber: string }[], comments: RatingResults['rounds'][number]['comments'] }

/** Releases and rounds as they are kept → what a page shows, newest first. */
export function arrangeRatings(releases: readonly Released[], rounds: readonly Round[]): RatingResults {
  const ratesOf = (figures: readonly KeptFigure[], communityId: string | null): Rates => {
    const of = (measure: string) => figures.find(figure => figure.measure === measure && figure.communityId === communityId && figure.scope === (communityId ? 'community' : 'station'))
    return Object.fromEntries(ratingMeasures.map(measure => [measure, toFigure(of(measure) ?? { base: null, count: null })])) as Rates
  }
  const totals = releases.map(({ figures }) => ratesOf(figures, null).satisfied)
  const [base, count] = [totals.reduce((sum, figure) => sum + (figure.base ?? 0), 0), totals.reduce((sum, figure) => sum + (figure.count ?? 0), 0)]
  const mean = base ? count / base : 0.5
  return {
    rounds: releases.map(({ startsOn, releasedAt, figures }) => {
      const round = rounds.find(({ month: of }) => of === startsOn)
      const officers = (round?.subjects ?? []).map(({ community, communityId, officer, badgeNumber }) => ({ community, name: officer, badgeNumber, rates: ratesOf(figures, communityId) }))
      const certain = ({ rates: { satisfied } }: typeof officers[number]) => certainShare(satisfied, mean) ?? -1
      return { month: startsOn, releasedAt, station: ratesOf(figures, null), officers: officers.toSorted((a, b) => certain(b) - certain(a)), comments: [...round?.comments ?? []] }
    }),
  }
}

export const ratingColumns = ['month', 'scope', 'community', 'officer', 'badge_number', 'measure', 'base', 'count', 'percent', 'low', 'high'] as const

/** The same figures as lines of a table, one for each measure of the station and of each officer; what is hidden has empty cells. */
export function ratingRows({ rounds }: RatingResults, locale: 'zh' | 'en'): (string | number | null)[][] {
  const lines = (who: string[], rates: Rates) => ratingMeasures.map((measure) => {
    const { base, count, rate } = rates[measure]
    return [...who, measure, base, count, rate?.percent ?? null, rate?.low ?? null, rate?.high ?? null]
  })
  return rounds.flatMap(({ month: of, station, officers }) => [
    ...lines([of, 'station', '', '', ''], station), ...officers.flatMap(({ community, name, badgeNumber, rates }) => lines([of, 'community', community, name[locale], badgeNumber], rates)),
  ])
}
