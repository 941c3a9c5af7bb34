import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { readDeskSurvey } from '#server/domain/surveys/write-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: surveyPathSchema, run: ({ services, actor, params }) => readDeskSurvey(services, actor, params.id) })
