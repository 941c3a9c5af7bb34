import { approveSurveySchema } from '#shared/surveys/desk-survey-schema'
import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { approveSurvey } from '#server/domain/surveys/write-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: surveyPathSchema, body: approveSurveySchema, run: ({ services, actor, params, body }) => approveSurvey(services, actor, params.id, body) })
