import { idPathSchema } from '#shared/patrols/patrol-schema'
import { newPatrolReportSchema } from '#shared/patrols/round-schema'
import { filePatrolReport } from '#server/domain/patrols/own-round'
import { defineApiHandler } from '#server/http/api-handler'
import { dangerIn } from '#server/http/emergency-card'
import { limitsFor } from '#server/http/rate-limits'
import { requireActor } from '#server/http/require-actor'
import { getServices } from '../../../../services.ts'

export default defineApiHandler({
  before: ({ event }) => requireActor(event),
  params: idPathSchema, body: newPatrolReportSchema, maxBytes: 256 * 1024, status: 201,
  async run({ event, params, body }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    return filePatrolReport(services, actor, params.id, body, { dangerIn, limits: limitsFor(event, services, 'report.create') })
  },
})
