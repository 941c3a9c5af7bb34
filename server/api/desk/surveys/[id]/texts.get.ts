import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { readSurveyTexts } from '#server/domain/surveys/write-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: surveyPathSchema, run: ({ services, actor, params }) => readSurveyTexts(services, actor, params.id) })
