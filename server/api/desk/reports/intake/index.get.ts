import { loadIntakeDraft, openIntakeReceipt } from '#server/domain/reports/intake-draft'
import { defineDeskHandler } from '#server/http/desk-handler'
import { emergencyCard } from '#server/http/emergency-card'
import { intakeDraftCookie, intakeReceiptCookie } from '#server/http/intake-cookies'
import { intakePaper } from '#server/http/intake-paper'

/** What was typed before a reload, or the receipt that has not been handed over. */
export default defineDeskHandler({
  async run({ services, actor, event }) {
    const receipt = openIntakeReceipt(services.keys, intakeReceiptCookie.read(event), actor.userId, Date.now())
    const draft = await loadIntakeDraft(services, intakeDraftCookie.read(event), actor.userId)
    // The card stands there again after a reload, too.
    const emergency = draft && await emergencyCard(`${draft.description}\n${draft.occurredText}`)
    return { draft, emergency: emergency ?? null, receipt: receipt ? await intakePaper(services, receipt) : null }
  },
})
