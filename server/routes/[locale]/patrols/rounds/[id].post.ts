import { AppError } from '#shared/errors'
import { idPathSchema } from '#shared/patrols/patrol-schema'
import { findingsOf, roundFormSchema } from '#shared/patrols/round-pages'
import { filePatrolReport } from '#server/domain/patrols/own-round'
import { tickChecklist } from '#server/domain/patrols/show-round'
import { dangerIn } from '../../../../http/emergency-card.ts'
import { defineFormAction, ShownOnce } from '../../../../http/form-action.ts'
import { limitsFor } from '../../../../http/rate-limits.ts'
import { requireActor } from '../../../../http/require-actor.ts'
import { getServices } from '../../../../services.ts'

/** The checklist, or the report: references and receipts of its findings stand in this one answer and in no address (RULES C2). */
export default defineFormAction({
  fields: roundFormSchema,
  maxTextBytes: 256 * 1024,
  async run({ event, locale, input, params, idempotencyKey }) {
    const [services, actor] = [await getServices(), await requireActor(event)]
    const path = idPathSchema.safeParse(params)
    if (!path.success) throw new AppError('not_found')
    if (input.act === 'checklist') {
      await tickChecklist(services, actor, path.data.id, input.items)
      return '?did=checklist'
    }
    const { routeWalked, summary } = input
    const filed = await filePatrolReport(services, actor, path.data.id, { idempotencyKey, locale, routeWalked, summary, findings: findingsOf(input) }, { dangerIn, limits: limitsFor(event, services, 'report.create') })
    return filed.findings.length ? new ShownOnce(filed) : '?did=report'
  },
})
