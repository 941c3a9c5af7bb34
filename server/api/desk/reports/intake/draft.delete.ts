import { discardIntakeDraft } from '#server/domain/reports/intake-draft'
import { defineDeskHandler } from '#server/http/desk-handler'
import { intakeDraftCookie } from '#server/http/intake-cookies'

export default defineDeskHandler({
  async run({ services, event }) {
    const token = intakeDraftCookie.read(event)
    if (token) await discardIntakeDraft(services, token)
    intakeDraftCookie.clear(event)
  },
})
