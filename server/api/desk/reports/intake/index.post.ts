import { createIntakeSchema } from '#shared/reports/intake-schema'
import { discardIntakeDraft, sealIntakeReceipt } from '#server/domain/reports/intake-draft'
import { intakeLimits, takeReport } from '#server/domain/reports/take-report'
import { config } from '../../../../config.ts'
import { defineDeskHandler } from '#server/http/desk-handler'
import { dangerIn } from '#server/http/emergency-card'
import { intakeDraftCookie, intakeReceiptCookie } from '#server/http/intake-cookies'
import { intakePaper } from '#server/http/intake-paper'

/** Takes a report in. The receipt is in this answer and in a sealed cookie, for a paper jam; nowhere else. */
export default defineDeskHandler({
  body: createIntakeSchema,
  async run({ services, actor, event, body }) {
    const receipt = await takeReport(services, actor, body, {
      emergencyKind: dangerIn(`${body.description}\n${body.occurredText ?? ''}`), limits: intakeLimits(services, actor.userId), trackUrl: `${config().publicUrl}/${body.locale}/reports/track`,
    })
    intakeReceiptCookie.write(event, sealIntakeReceipt(services.keys, actor.userId, receipt, Date.now()))
    const token = intakeDraftCookie.read(event)
    if (token) await discardIntakeDraft(services, token)
    intakeDraftCookie.clear(event)
    return intakePaper(services, receipt)
  },
})
