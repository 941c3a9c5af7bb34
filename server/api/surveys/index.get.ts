import { listSurveys } from '#server/domain/surveys/show-surveys'
import { defineApiHandler } from '#server/http/api-handler'
import { getServices } from '../../services.ts'

export default defineApiHandler({ run: async () => listSurveys(await getServices()) })
