import { fixDrawSchema } from '#shared/surveys/desk-survey-schema'
import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { fixDraw } from '#server/domain/surveys/invite-to-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: surveyPathSchema, body: fixDrawSchema, status: 201, run: ({ services, actor, params, body }) => fixDraw(services, actor, params.id, body) })
