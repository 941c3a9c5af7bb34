import { answeredSurveySchema, answerSurveySchema, openSurveySchema, surveyListSchema, surveyPathSchema } from '#shared/surveys/survey-schema'
import {
  approveSurveySchema, censusSchema, changeSurveySchema, deskSurveySchema, deskSurveysSchema, doneSurveySchema, fixDrawSchema, invitedSchema, inviteSchema, saveCensusSchema, savedCensusSchema, savedSurveySchema, saveSurveySchema, surveyDrawsSchema, surveyTextsSchema,
} from '#shared/surveys/desk-survey-schema'
import { surveyResultsSchema } from '#shared/surveys/survey-results'
import type { Operation } from '../operation.ts'

const params = surveyPathSchema
const done = [{ status: 200, says: 'Done.', schema: doneSurveySchema }] as const satisfies Operation['answers']

/** Surveys: for everybody, and at the desk. */
export const surveyOperations: readonly Operation[] = [
  { noun: 'surveys', access: 'anyone', method: 'get', path: '/api/surveys', id: 'listSurveys', summary: 'Surveys that are open, with the keys of their ballots, and those of the last thirteen months', answers: [{ status: 200, says: 'Nothing of what was answered.', schema: surveyListSchema }], errors: [] },
  { noun: 'surveys', access: 'anyone', method: 'get', path: '/api/surveys/{id}', id: 'readSurvey', params, summary: 'What a survey asks', answers: [{ status: 200, says: 'Frozen since it was approved.', schema: openSurveySchema }], errors: ['not_found'] },
  {
    noun: 'surveys', access: 'anyone', method: 'post', path: '/api/surveys/{id}/responses', id: 'answerSurvey', params, body: answerSurveySchema, summary: 'Counts an answer, with a ballot (drawn by drawBallot), by a single-use link, or openly; send no credentials with it',
    answers: [{ status: 201, says: 'As what it was counted.', schema: answeredSurveySchema }], errors: ['not_found', 'round_closed', 'ballot_invalid', 'ballot_spent', 'link_used', 'forbidden', 'invalid', 'invalid_input', 'rate_limited', 'too_large'],
  },
  { noun: 'surveys', access: 'anyone', method: 'get', path: '/api/surveys/{id}/results', id: 'readSurveyResults', params, summary: 'What it found, after disclosure control, and the rounds before it', answers: [{ status: 200, says: 'Nothing before it is over; null is hidden.', schema: surveyResultsSchema }], errors: ['not_found'] },
  { noun: 'surveys', access: 'anyone', method: 'get', path: '/api/surveys/{id}/results.csv', id: 'exportSurveyResults', params, summary: 'The same figures, a line for each share', answers: [{ status: 200, says: 'UTF-8 with a byte order mark.', mediaTypes: ['text/csv'] }], errors: ['not_found'] },
  { noun: 'surveys', access: 'anyone', method: 'get', path: '/api/surveys/{id}/draws', id: 'listSurveyDraws', params, summary: 'Who was invited, by code numbers, with all that is needed to draw again', answers: [{ status: 200, says: 'The list\'s hash was in the sealed log before the root that decided.', schema: surveyDrawsSchema }], errors: [] },
  { noun: 'surveys', access: 'desk', method: 'get', path: '/api/desk/surveys', id: 'listDeskSurveys', summary: 'Surveys of the station', answers: [{ status: 200, says: 'Never an answer.', schema: deskSurveysSchema }], errors: [] },
  { noun: 'surveys', access: 'desk', method: 'post', path: '/api/desk/surveys', id: 'beginSurvey', body: saveSurveySchema, summary: 'Begins a draft; with `series` the next round of another', answers: [{ status: 201, says: 'Kept.', schema: savedSurveySchema }], errors: ['too_large'] },
  { noun: 'surveys', access: 'desk', method: 'get', path: '/api/desk/surveys/census', id: 'listCensus', summary: 'Residents by community and age, to weigh answers by', answers: [{ status: 200, says: 'Of the station.', schema: censusSchema }], errors: [] },
  { noun: 'surveys', access: 'desk', method: 'post', path: '/api/desk/surveys/census', id: 'saveCensus', body: saveCensusSchema, summary: 'Sets them for one community', answers: [{ status: 200, says: 'Done.', schema: savedCensusSchema }], errors: ['invalid_input'] },
  { noun: 'surveys', access: 'desk', method: 'get', path: '/api/desk/surveys/{id}', id: 'readDeskSurvey', params, summary: 'One with what it asks and its draws', answers: [{ status: 200, says: 'Never an answer.', schema: deskSurveySchema }], errors: [] },
  { noun: 'surveys', access: 'desk', method: 'post', path: '/api/desk/surveys/{id}', id: 'changeSurvey', params, body: changeSurveySchema, summary: 'Changes a draft', answers: [{ status: 200, says: 'Kept.', schema: savedSurveySchema }], errors: ['conflict', 'status_order', 'too_large'] },
  { noun: 'surveys', access: 'desk', method: 'delete', path: '/api/desk/surveys/{id}', id: 'dropSurvey', params, summary: 'Drops a draft', answers: done, errors: ['status_order'] },
  { noun: 'surveys', access: 'desk', method: 'post', path: '/api/desk/surveys/{id}/approve', id: 'approveSurvey', params, body: approveSurveySchema, summary: 'Sets whom it asks and when; from then on what it asks stays', answers: done, errors: ['conflict', 'status_order', 'invalid_input'] },
  { noun: 'surveys', access: 'desk', method: 'post', path: '/api/desk/surveys/{id}/end', id: 'endSurvey', params, summary: 'Ends it now, or makes it a draft again before it begins', answers: done, errors: ['status_order'] },
  { noun: 'surveys', access: 'desk', method: 'post', path: '/api/desk/surveys/{id}/invitations', id: 'inviteToSurvey', params, body: inviteSchema, summary: 'Makes the single-use links of a community, which are shown once', answers: [{ status: 201, says: 'The links.', schema: invitedSchema }], errors: ['status_order', 'invalid_input'] },
  { noun: 'surveys', access: 'desk', method: 'post', path: '/api/desk/surveys/{id}/draws', id: 'fixSurveyDraw', params, body: fixDrawSchema, summary: 'Fixes the list of numbers; the root of tomorrow draws', answers: [{ status: 201, says: 'Fixed.', schema: doneSurveySchema }], errors: ['status_order', 'invalid_input'] },
  { noun: 'surveys', access: 'desk', method: 'get', path: '/api/desk/surveys/{id}/texts', id: 'readSurveyTexts', params, summary: 'Words that came with answers, when it is over; the reading is logged', answers: [{ status: 200, says: 'Apart from everything else.', schema: surveyTextsSchema }], errors: ['status_order'] },
]
