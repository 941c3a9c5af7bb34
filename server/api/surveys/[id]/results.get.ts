import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { getSurveyResults } from '#server/domain/surveys/show-surveys'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ params: surveyPathSchema, run: async ({ params }) => getSurveyResults(await getServices(), params.id) })
