import { surveyQueries } from '#server/db/surveys'
import { arrangeSurvey, type SurveyResults } from '#shared/surveys/survey-results'
import type { SurveyDraw } from '#shared/surveys/desk-survey-schema'
import type { ListedSurvey, OpenSurvey, SurveyList } from '#shared/surveys/survey-schema'
import type { Services } from '../services.ts'

type Row = Awaited<ReturnType<ReturnType<typeof surveyQueries>['list']>>['surveys'][number]
/** A row of the list with the names that the portal uses. */
export const listedOf = ({ is_open_to_all: isOpenToAll, opens_at: opensAt, closes_at: closesAt, ...row }: Row): ListedSurvey => ({ ...row, isOpenToAll, opensAt, closesAt })

/** Surveys that are open, and those that ended in the last thirteen months. */
export async function listSurveys({ clients }: Services): Promise<SurveyList> {
  const { now, surveys } = await surveyQueries(clients).list()
  return { now, surveys: surveys.map(listedOf) }
}

/** One survey with what it asks. @throws AppError not_found: also a draft, and one that has not begun */
export async function getSurvey({ clients }: Services, id: string): Promise<{ now: string, survey: OpenSurvey }> {
  const { now, survey: { definition, ...row } } = await surveyQueries(clients).read(id)
  return { now, survey: { ...listedOf(row), definition } }
}

const ttlMilliseconds = 60_000
const kept = new WeakMap<Services, Map<string, { at: number, survey: Promise<OpenSurvey> }>>()

/** What a survey asks and of whom, which never changes once it can be answered; kept for a minute. Whether it is open is another question. @throws AppError not_found */
export async function getFrozenSurvey(services: Services, id: string, now = Date.now()): Promise<Pick<OpenSurvey, 'id' | 'definition' | 'communities'>> {
  const surveys = kept.get(services) ?? new Map<string, { at: number, survey: Promise<OpenSurvey> }>()
  kept.set(services, surveys)
  for (const [known, { at }] of surveys) if (now - at >= ttlMilliseconds) surveys.delete(known)
  const survey = surveys.get(id)?.survey ?? getSurvey(services, id).then(found => found.survey)
  if (!surveys.has(id)) {
    surveys.set(id, { at: now, survey })
    survey.catch(() => surveys.delete(id))
  }
  return survey
}

/** What is out of a survey and of the rounds before it; staff see the same. @throws AppError not_found */
export async function getSurveyResults({ clients }: Services, id: string): Promise<SurveyResults> {
  const { survey: { definition, ...row }, rounds } = await surveyQueries(clients).results(id)
  return arrangeSurvey({ ...listedOf(row), definition }, rounds.map(({ closed_on: closedOn, released_at: releasedAt, ...round }) => ({ ...round, closedOn, releasedAt })))
}

/** The draws of a survey, to be drawn again by anybody (scripts/rerun-draw.mjs). */
export async function listDraws({ clients }: Services, id: string): Promise<SurveyDraw[]> {
  return (await surveyQueries(clients).draws(id)).map(({ listed_on: listedOn, root_of: rootOf, list_hash: listHash, ...draw }) => ({ ...draw, listedOn, rootOf, listHash }))
}
