import { saveSurveySchema } from '#shared/surveys/desk-survey-schema'
import { beginSurvey } from '#server/domain/surveys/write-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ body: saveSurveySchema, maxBytes: 256 * 1024, status: 201, run: ({ services, actor, body }) => beginSurvey(services, actor, body) })
