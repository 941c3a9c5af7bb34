import { z } from 'zod'
import { checkInputSchema } from '#shared/alerts/check-page'
import { checkForwarded } from '#server/domain/alerts/check-forwarded'
import { alertRenderings } from '#server/outbox/messages/alert-renderings'
import { defineFormAction, ShownOnce } from '../../../http/form-action.ts'
import { prefillReport } from '../../../http/prefill-report.ts'
import { limitsFor } from '../../../http/rate-limits.ts'
import { getServices } from '../../../services.ts'
import { text } from '../../../texts.ts'

/** Checks a message, or (`act`) opens the report form with it. */
export default defineFormAction({
  fields: checkInputSchema.extend({ act: z.literal('desk').optional() }),
  async run({ event, input, values, locale, idempotencyKey }) {
    const services = await getServices()
    if (input.act) return prefillReport(event, services, locale, text(locale, 'alerts.check.forwarded', { text: input.text }))
    const checked = await checkForwarded(services, input.text, alertRenderings(services.settings.publicUrl), limitsFor(event, services, 'alert.check'))
    // What was pasted stays in the box beside the answer.
    event.context.form = { values, errors: {}, idempotencyKey }
    return new ShownOnce(checked)
  },
})
