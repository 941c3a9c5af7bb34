import { answerSurveySchema, surveyPathSchema } from '#shared/surveys/survey-schema'
import { answerSurvey } from '#server/domain/surveys/answer-survey'
import { defineApiHandler } from '#server/http/api-handler'
import { limitsFor, networkFor } from '#server/http/rate-limits'
import { getServices } from '../../../services.ts'

/** Asks nobody who they are: a ballot or a link says all there is to say. */
export default defineApiHandler({
  params: surveyPathSchema, body: answerSurveySchema, status: 201,
  async run({ event, params, body }) {
    const services = await getServices()
    return answerSurvey(services, params.id, body, { limits: limitsFor(event, services, 'survey.answer'), networkFor: networkFor(event, services) })
  },
})
