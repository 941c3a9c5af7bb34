import { answerRevisitSchema, revisitPathSchema } from '#shared/revisits/revisit-schema'
import { answerRevisit } from '#server/domain/revisits/answer-revisit'
import { defineApiHandler } from '../../../../../http/api-handler.ts'
import { emergencyCard } from '../../../../../http/emergency-card.ts'
import { limitsFor } from '../../../../../http/rate-limits.ts'
import { apiReportAccess } from '../../../../../http/report-access.ts'
import { getServices } from '../../../../../services.ts'

/** The reporter's answer to a visit. */
export default defineApiHandler({
  params: revisitPathSchema,
  body: answerRevisitSchema,
  async run({ event, params, body }) {
    const services = await getServices()
    const emergency = await emergencyCard(body.comment ?? '')
    const kept = await answerRevisit(services, params.reference, await apiReportAccess(event, services), params.id, body,
      { guess: limitsFor(event, services, 'report.guess'), act: limitsFor(event, services, 'report.message') })
    return { ...kept, ...(emergency && { emergency }) }
  },
})
