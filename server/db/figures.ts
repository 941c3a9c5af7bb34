import { z } from 'zod'
import { figurePeriods, figureTopics, figureScopes, activityMeasures, monthlyMeasures, ratingMeasures, weeklyMeasures, type KeptFigure } from '#shared/communities/figures'
import { call, type Clients } from './clients.ts'

const done = z.object({ ok: z.literal(true) })
const period = z.enum(figurePeriods)
const kept = z.object({ measure: z.enum([...monthlyMeasures, ...weeklyMeasures, ...ratingMeasures, ...activityMeasures]), scope: z.enum(figureScopes), community_id: z.uuid().nullable(), category: z.string().nullable(), base: z.number().nullable(), count: z.number().nullable() })

const countDueFiguresAnswer = done.extend({
  periods: z.array(z.object({
    station_id: z.uuid(), period, starts_on: z.string(), communities: z.array(z.uuid()),
    counts: z.array(z.object({ measure: z.string(), community_id: z.uuid().nullable(), category: z.string().nullable().default(null), base: z.number(), count: z.number().nullable() })),
  })),
})

/** Raw counts of every period that is over and not yet out. For the job that releases them and nothing else (RULES E3). */
export function countDueFigures({ server }: Clients) {
  return call(server, 'count_due_figures', undefined as never, countDueFiguresAnswer)
}

/** Raw counts of every round of ratings that is over and not yet out. */
export function countDueRatings({ server }: Clients) {
  return call(server, 'count_due_ratings', undefined as never, countDueFiguresAnswer)
}

/** Raw counts of what happened in every month that is over and not yet out. */
export function countDueActivity({ server }: Clients) {
  return call(server, 'count_due_activity', undefined as never, countDueFiguresAnswer)
}

const releaseFiguresAnswer = done.extend({ is_new: z.boolean() })

/** Keeps what goes out of a period, for good. */
export function keepRelease({ server }: Clients, release: { station: string, topic: string, period: string, starts_on: string }, figures: readonly KeptFigure[]) {
  const rows = figures.map(({ communityId, ...figure }) => ({ ...figure, community_id: communityId }))
  return call(server, 'release_figures', { p: { ...release, figures: rows } as never }, releaseFiguresAnswer)
}

const getFiguresAnswer = done.extend({
  releases: z.array(z.object({ period, starts_on: z.string(), released_at: z.string(), figures: z.array(kept) })),
})

const name = z.object({ zh: z.string(), en: z.string() })
const ratingResultsAnswer = getFiguresAnswer.extend({
  rounds: z.array(z.object({
    month: z.string(), subjects: z.array(z.object({ community: z.string(), community_id: z.uuid(), officer: name, badge_number: z.string() })),
    comments: z.array(z.object({ id: z.uuid(), community: z.string(), text: z.string(), answer: z.string().nullable(), answered_on: z.string().nullable() })),
  })),
})

/** What is out of the ratings: figures, whom they are about, and comments. */
export function readRatingResults({ guest }: Clients) {
  return call(guest(), 'get_rating_results', undefined as never, ratingResultsAnswer)
}

/** What is out: months and weeks, newest first. */
export function readFigures({ server }: Clients, topic: typeof figureTopics[number] = 'conduct') {
  return call(server, 'get_figures', { p_topic: topic }, getFiguresAnswer)
}

const daysWithout = done.extend({ as_of: z.string().nullable(), communities: z.array(z.object({ community: z.string(), days: z.number() })) })
/** For how long nothing was stolen, in steps, as of the Monday of this week. */
export const readDaysWithout = ({ guest }: Clients) => call(guest(), 'get_days_without', {}, daysWithout)

const ledger = done.extend({ releases: z.array(z.object({ topic: z.enum([...figureTopics, 'surveys']), period: z.enum([...figurePeriods, 'survey']), starts_on: z.string(), released_at: z.string(), survey: z.uuid().optional() })) })
/** What was published when. */
export const listReleases = async ({ guest }: Clients) => (await call(guest(), 'list_releases', {}, ledger)).releases
