import { changeSurveySchema } from '#shared/surveys/desk-survey-schema'
import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { changeSurvey } from '#server/domain/surveys/write-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: surveyPathSchema, body: changeSurveySchema, maxBytes: 256 * 1024, run: ({ services, actor, params, body }) => changeSurvey(services, actor, params.id, body) })
