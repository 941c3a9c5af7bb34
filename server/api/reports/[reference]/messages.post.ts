import { randomUUID } from 'node:crypto'
import { reportPathSchema, sendMessageSchema } from '#shared/reports/report-schema'
import { addMessage } from '#server/domain/reports/add-message'
import { defineApiHandler } from '../../../http/api-handler.ts'
import { emergencyCard } from '../../../http/emergency-card.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { apiReportAccess, referenceOf } from '../../../http/report-access.ts'
import { getServices } from '../../../services.ts'

/** A letter from the reporter to the desk. */
export default defineApiHandler({
  params: reportPathSchema,
  body: sendMessageSchema,
  status: 201,
  async run({ event, params, body }) {
    const services = await getServices()
    const emergency = await emergencyCard(body.text)
    const kept = await addMessage(services, referenceOf(params.reference), await apiReportAccess(event, services), { text: body.text, messageId: body.id ?? randomUUID() },
      { guess: limitsFor(event, services, 'report.guess'), act: limitsFor(event, services, 'report.message') })
    return { ...kept, ...(emergency && { emergency }) }
  },
})
