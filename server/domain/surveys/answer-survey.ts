import { createHash } from 'node:crypto'
import { AppError, type FieldErrors } from '#shared/errors'
import { checkAnswer } from '#shared/surveys/answers'
import type { Answers, SurveyDefinition } from '#shared/surveys/definition'
import type { AnswerSurvey, OpenSurvey } from '#shared/surveys/survey-schema'
import { answersOnPath, walk } from '#shared/surveys/walk'
import { blindBallot, unblindBallot } from '#shared/trust/blind-ballot'
import { surveyQueries } from '#server/db/surveys'
import type { Sender } from '../ratings/give-rating.ts'
import type { Services } from '../services.ts'
import { checkBallot, drawBallot, type Drawer } from '../trust/draw-ballot.ts'
import { sealText } from '../trust/envelope.ts'
import { getFrozenSurvey } from './show-surveys.ts'

/** By what the database knows a link: whoever reads the table cannot make one. @param token as it stands on the paper */
export const linkHash = (survey: string, token: string): string => createHash('sha256').update(`survey-link ${survey} ${token}`).digest('hex')

/** What the texts of a survey are bound to: they open beside no other one. */
export const aboutText = (survey: string, question: string) => `survey-text:${survey}:${question}`

/**
 * Checks what came from outside and keeps what lies on its way: answers to questions that nobody was led to are dropped.
 * @param isPartial somebody stopped; what they did answer counts
 * @throws AppError invalid with a sentence for each question
 */
export function checkAnswers(definition: SurveyDefinition, raw: Answers, isPartial: boolean): Answers {
  const checked: Answers = {}
  const fields: FieldErrors = {}
  for (const question of definition.questions) {
    if (raw[question.code] === undefined) continue
    const found = checkAnswer(question, raw[question.code])
    if (found.ok) checked[question.code] = found.answer
    else if (!(isPartial && found.code === 'required')) fields[question.code] = { key: `surveys.answer.${found.code}` }
  }
  const unknown = Object.keys(raw).find(code => !definition.questions.some(question => question.code === code))
  if (unknown !== undefined) fields[unknown] = { key: 'invalid' }
  const { next } = walk(definition, checked)
  if (next && !isPartial && !fields[next.code]) fields[next.code] = { key: 'surveys.answer.required' }
  if (Object.keys(fields).length) throw new AppError('invalid', {}, { fields })
  return answersOnPath(definition, checked)
}

/**
 * Counts an answer. With a ballot or a link nobody knows whose it is; with neither it is open and shown apart.
 * @throws AppError not_found, round_closed, invalid, ballot_invalid, ballot_spent, link_used, forbidden: open answers are not asked for, rate_limited, invalid_input
 */
export async function answerSurvey(services: Services, id: string, { answers, ballot, token, community, partial }: AnswerSurvey, sender: Sender): Promise<{ counted: 'ballot' | 'invited' | 'open' }> {
  const survey = await getFrozenSurvey(services, id)
  const checked = checkAnswers(survey.definition, answers, partial)
  if (Object.values(checked).every(answer => answer === null)) throw new AppError('invalid', {}, { fields: { answers: { key: 'surveys.answer.none' } } })
  const row = { survey: id, ...splitTexts(services, survey, checked), network: sender.networkFor(id), ...(sender.isStaff && { is_staff: true }) }
  const queries = surveyQueries(services.clients)
  if (ballot) {
    const { key, ...signed } = ballot
    const { occasion, occasion_id: about, nullifier } = await checkBallot(services, key, signed)
    if (occasion !== 'survey' || about !== id) throw new AppError('ballot_invalid')
    return countedOf(await queries.answer({ ...row, key, nullifier }))
  }
  if (token) return countedOf(await queries.answer({ ...row, token_hash: linkHash(id, token) }))
  const place = community === undefined ? undefined : survey.communities.find(({ slug }) => slug === community)?.id
  if (community !== undefined && place === undefined) throw new AppError('invalid', {}, { fields: { community: { key: 'choose' } } })
  return countedOf(await queries.answer({ ...row, ...(place && { community: place }), limits: sender.limits }))
}

const countedOf = ({ counted }: { counted: 'ballot' | 'invited' | 'open' }) => ({ counted })

/** Without script: draws and spends in one go for whoever is signed in or came by a pass; the page says that the server could see (RULES E2). @throws AppError as drawBallot and answerSurvey */
export async function answerInOneGo(services: Services, drawer: Drawer, survey: string, key: { id: string, spki: string }, answer: Pick<AnswerSurvey, 'answers' | 'partial'>, sender: Sender) {
  const blinded = await blindBallot(key.spki)
  const { blindSignature } = await drawBallot(services, drawer, key.id, blinded.blinded)
  return answerSurvey(services, survey, { ...answer, ballot: { key: key.id, ...await unblindBallot(key.spki, blinded, blindSignature) } }, sender)
}

/** Whether a link is still good. @throws AppError not_found */
export async function readLink({ clients }: Services, survey: string, token: string): Promise<{ isUsed: boolean }> {
  return { isUsed: (await surveyQueries(clients).link(survey, linkHash(survey, token))).is_used }
}

/** Words are sealed and kept apart from everything else that was answered. */
function splitTexts({ keys }: Services, { id, definition }: Pick<OpenSurvey, 'id' | 'definition'>, answers: Answers) {
  const { key, id: keyId } = keys.secret('outbox')
  const isText = new Set(definition.questions.filter(({ kind }) => kind === 'text').map(({ code }) => code))
  return {
    answers: Object.fromEntries(Object.entries(answers).filter(([code]) => !isText.has(code))),
    texts: Object.entries(answers).flatMap(([question, answer]) => isText.has(question) && typeof answer === 'string' ? [{ question, sealed: sealText(key, answer, aboutText(id, question), keyId) }] : []),
  }
}
