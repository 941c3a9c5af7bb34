import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { getSurvey } from '#server/domain/surveys/show-surveys'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ params: surveyPathSchema, run: async ({ params }) => getSurvey(await getServices(), params.id) })
