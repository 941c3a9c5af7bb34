import { listReleases, readFigures } from '#server/db/figures'
import { dataColumns, figureRows, type DataRow, type DataTopic } from '#shared/communities/open-data'
import { resultRows } from '#shared/surveys/survey-results'
import type { Services } from '../services.ts'
import { getSurveyResults, listSurveys } from '../surveys/show-surveys.ts'
import { getReferenceData } from './get-reference-data.ts'

const ttlMilliseconds = 60_000
const kept = new WeakMap<Services, Map<DataTopic, { at: number, rows: Promise<DataRow[]> }>>()

/** A table of what was published; kept for a minute, as it changes once a week. */
export async function readOpenData(services: Services, topic: DataTopic, now = Date.now()): Promise<{ topic: DataTopic, columns: readonly string[], rows: DataRow[] }> {
  const tables = kept.get(services) ?? new Map<DataTopic, { at: number, rows: Promise<DataRow[]> }>()
  kept.set(services, tables)
  const known = tables.get(topic)
  const rows = known && now - known.at < ttlMilliseconds ? known.rows : rowsOf(services, topic)
  if (rows !== known?.rows) {
    tables.set(topic, { at: now, rows })
    rows.catch(() => tables.delete(topic))
  }
  return { topic, columns: dataColumns[topic], rows: await rows }
}

/** What was published when, newest first. */
export async function listDataReleases({ clients }: Services) {
  return (await listReleases(clients)).map(({ starts_on: startsOn, released_at: releasedAt, survey, ...release }) => ({ ...release, startsOn, releasedAt, survey: survey ?? null }))
}

async function rowsOf(services: Services, topic: DataTopic): Promise<DataRow[]> {
  if (topic === 'surveys') return surveyRows(services)
  if (topic === 'releases') return (await listDataReleases(services)).map(({ topic: about, period, startsOn, releasedAt, survey }) => [about, period, startsOn, releasedAt, survey])
  const [{ communities, former }, { releases }] = await Promise.all([getReferenceData(services), readFigures(services.clients, topic)])
  return figureRows(
    releases.map(({ period, starts_on: startsOn, figures }) => ({ period, startsOn, figures: figures.map(({ community_id: communityId, ...figure }) => ({ ...figure, communityId })) })),
    id => [...communities, ...former.communities].find(community => community.id === id)?.slug,
  )
}

async function surveyRows(services: Services): Promise<DataRow[]> {
  const over = (await listSurveys(services)).surveys.filter(({ state }) => state === 'closed')
  const found = await Promise.all(over.map(({ id }) => getSurveyResults(services, id)))
  return found.flatMap(results => resultRows(results).map(row => [results.survey.id, results.survey.title.en, results.survey.closesAt.slice(0, 10), ...row]))
}
