import { z } from 'zod'
import { discardDraft } from '#server/domain/reports/discard-draft'
import { defineFormAction } from '../../../../http/form-action.ts'
import { confirmationCookie, draftCookie } from '../../../../http/report-cookies.ts'
import { getServices } from '../../../../services.ts'

/** "I saved it": the receipt leaves this browser and the server. */
export default defineFormAction({
  fields: z.object({}),
  async run({ event }) {
    const token = draftCookie.read(event)
    if (token) await discardDraft(await getServices(), token)
    draftCookie.clear(event)
    confirmationCookie.clear(event)
    return '?saved'
  },
})
