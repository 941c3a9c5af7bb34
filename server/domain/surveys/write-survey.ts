import { AppError } from '#shared/errors'
import type { ApproveSurvey, DeskSurvey, DeskSurveyRow } from '#shared/surveys/desk-survey-schema'
import type { SurveyDefinition } from '#shared/surveys/definition'
import { checkFlow } from '#shared/surveys/walk'
import type { DeskActor } from '#server/db/desk-reports'
import { deskSurveyQueries } from '#server/db/surveys'
import type { Services } from '../services.ts'
import { openText } from '../trust/envelope.ts'
import { aboutText } from './answer-survey.ts'
import { listDraws } from './show-surveys.ts'

type Row = Awaited<ReturnType<ReturnType<typeof deskSurveyQueries>['list']>>['surveys'][number]
const rowOf = ({ is_open_to_all: isOpenToAll, opens_at: opensAt, closes_at: closesAt, written_by: writtenBy, written_at: writtenAt, approved_by: approvedBy, communities, invitations, ...row }: Row): DeskSurveyRow => ({
  ...row, isOpenToAll, opensAt, closesAt, writtenBy, writtenAt, approvedBy, communities: communities.map(({ slug }) => slug), invitations: invitations.map(({ is_untouched: isUntouched, ...invitation }) => ({ ...invitation, isUntouched })),
})

/** Surveys of the actor's station. @throws AppError forbidden */
export async function listDeskSurveys({ clients }: Services, actor: DeskActor) {
  const { now, surveys } = await deskSurveyQueries(clients, actor).list()
  return { now, surveys: surveys.map(rowOf) }
}

/** One with what it asks and its draws. @throws AppError forbidden, not_found */
export async function readDeskSurvey(services: Services, actor: DeskActor, id: string): Promise<DeskSurvey> {
  const [{ now, survey: { definition, ...row } }, draws] = await Promise.all([deskSurveyQueries(services.clients, actor).read(id), listDraws(services, id)])
  return { now, survey: { ...rowOf(row), definition }, draws }
}

/** A new draft; `series`: the next round of another survey. @throws AppError forbidden, not_found */
export async function beginSurvey({ clients }: Services, actor: DeskActor, { definition, series }: { definition: SurveyDefinition, series?: string | undefined }) {
  const { survey: id, revision } = await deskSurveyQueries(clients, actor).save({ definition, ...(series && { series }) })
  return { id, revision }
}

/** Changes a draft that may still be unfinished: its branches are checked when it is approved. @throws AppError forbidden, not_found, conflict, status_order */
export async function changeSurvey({ clients }: Services, actor: DeskActor, id: string, { definition, revision }: { definition: SurveyDefinition, revision: number }) {
  const saved = await deskSurveyQueries(clients, actor).save({ definition, survey: id, revision })
  return { id, revision: saved.revision }
}

/** Sets whom it asks and when; from then on it stays as it is. Every way through it must end. @throws AppError forbidden, not_found, conflict, status_order, invalid, invalid_input */
export async function approveSurvey(services: Services, actor: DeskActor, id: string, { revision, mode, isOpenToAll, opensAt, closesAt, communities }: ApproveSurvey) {
  const queries = deskSurveyQueries(services.clients, actor)
  const { survey: { definition } } = await queries.read(id)
  const [problem] = checkFlow(definition)
  if (problem) throw new AppError('invalid', {}, { fields: { definition: { key: `surveys.flow.${problem.code}`, params: { question: problem.question } } } })
  await queries.approve({ survey: id, revision, mode, is_open_to_all: isOpenToAll, opens_at: opensAt, closes_at: closesAt, communities })
  return { id }
}

/** @throws AppError forbidden, not_found, status_order: it is no draft */
export async function dropSurvey({ clients }: Services, actor: DeskActor, id: string) {
  await deskSurveyQueries(clients, actor).drop(id)
  return { id }
}

/** Before it begins it is a draft again; while it is open it is over now. @throws AppError forbidden, not_found, status_order */
export async function endSurvey({ clients }: Services, actor: DeskActor, id: string) {
  await deskSurveyQueries(clients, actor).end(id)
  return { id }
}

/** What residents wrote, without anything else that they answered; the reading is logged. @throws AppError forbidden, not_found, status_order: it is not over */
export async function readSurveyTexts({ clients, keys }: Services, actor: DeskActor, id: string) {
  const texts = await deskSurveyQueries(clients, actor).texts(id)
  return { texts: texts.map(({ text_sealed: sealed, ...text }) => ({ ...text, text: openText(keys.secret('outbox').key, sealed, aboutText(id, text.question)) })) }
}

/** @throws AppError forbidden */
export async function listCensus({ clients }: Services, actor: DeskActor) {
  return { counts: (await deskSurveyQueries(clients, actor).census()).map(({ age_from: ageFrom, as_of: asOf, ...count }) => ({ ...count, ageFrom, asOf })) }
}

/** @throws AppError forbidden, not_found, invalid_input */
export async function saveCensus({ clients }: Services, actor: DeskActor, { community, asOf, counts }: { community: string, asOf: string, counts: Record<string, number> | null }) {
  await deskSurveyQueries(clients, actor).saveCensus({ community, as_of: asOf, counts: counts ?? {} })
  return { community }
}
