import { surveyQueries } from '#server/db/surveys'
import { surveyCounter } from '#shared/surveys/count-survey'
import { drawNumbers } from '#shared/trust/public-draw'
import type { Services } from '../services.ts'
import { keepBallotKey } from '../trust/draw-ballot.ts'
import { drawListOf } from './invite-to-survey.ts'

/** Closes surveys that are over, makes the keys of new ones, and draws where the root of the day is out. */
export async function advanceSurveys(services: Services) {
  const queries = surveyQueries(services.clients)
  const { closed, wanted } = await queries.advance()
  for (const key of wanted) await keepBallotKey(services, { occasion: 'survey', ...key })
  const draws = await queries.dueDraws()
  for (const draw of draws) {
    const drawn = await drawNumbers(drawListOf({ survey: draw.survey, community: draw.slug, numbers: draw.numbers, wanted: draw.wanted, listedOn: draw.listed_on, rootOf: draw.root_of }), draw.root)
    await queries.keepDrawn({ survey: draw.survey, community: draw.community, root: draw.root, drawn })
  }
  return { closed, keys: wanted.length, draws: draws.length }
}

/** What `advanceSurveys` would close and make now. */
export async function foreseeAdvancedSurveys({ clients }: Services) {
  const { closed, wanted } = await surveyQueries(clients).foresee()
  return { closed, keys: wanted.length }
}

/** Counts each survey that is over, page by page so that nobody waits for it, and publishes what disclosure control lets through, once. */
export async function releaseSurveys({ clients }: Services) {
  const queries = surveyQueries(clients)
  let released = 0
  for (const { survey, definition, communities, eligible, census } of await queries.due()) {
    const counter = surveyCounter(definition, communities)
    for (let page = await queries.answers(survey); page.length > 0; page = await queries.answers(survey, page.at(-1)?.id)) counter.add(page)
    const counts = counter.finish(eligible, census.map(({ community, age_from: ageFrom, residents }) => ({ community, ageFrom, residents })))
    if ((await queries.release(survey, counts)).is_new) released += 1
  }
  return { released }
}

/** How many `releaseSurveys` would publish now. */
export async function foreseeReleasedSurveys({ clients }: Services) {
  return { released: (await surveyQueries(clients).due()).length }
}
