import { loadIntakeDraft, openIntakeReceipt } from '#server/domain/reports/intake-draft'
import { defineDeskHandler } from '#server/http/desk-handler'
import { intakeDraftCookie, intakeReceiptCookie } from '#server/http/intake-cookies'
import { intakePaper } from '#server/http/intake-paper'

/** What was typed before a reload, or the receipt that has not been handed over. */
export default defineDeskHandler({
  async run({ services, actor, event }) {
    const receipt = openIntakeReceipt(services.keys, intakeReceiptCookie.read(event), actor.userId, Date.now())
    return { draft: await loadIntakeDraft(services, intakeDraftCookie.read(event), actor.userId), receipt: receipt ? await intakePaper(services, receipt) : null }
  },
})
