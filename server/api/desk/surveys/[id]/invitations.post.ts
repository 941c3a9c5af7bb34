import { inviteSchema } from '#shared/surveys/desk-survey-schema'
import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { inviteToSurvey } from '#server/domain/surveys/invite-to-survey'
import { defineDeskHandler } from '#server/http/desk-handler'

export default defineDeskHandler({ params: surveyPathSchema, body: inviteSchema, status: 201, run: ({ services, actor, params, body }) => inviteToSurvey(services, actor, params.id, body) })
