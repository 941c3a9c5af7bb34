import { surveyPathSchema } from '#shared/surveys/survey-schema'
import { listDraws } from '#server/domain/surveys/show-surveys'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '../../../services.ts'

export default defineApiHandler({ params: surveyPathSchema, run: async ({ params }) => ({ draws: await listDraws(await getServices(), params.id) }) })
