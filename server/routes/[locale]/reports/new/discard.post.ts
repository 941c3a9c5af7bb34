import { z } from 'zod'
import { discardDraft } from '#server/domain/reports/discard-draft'
import { defineFormAction } from '../../../../http/form-action.ts'
import { draftCookie } from '../../../../http/report-cookies.ts'
import { getServices } from '../../../../services.ts'

/** Deletes what was entered so far. */
export default defineFormAction({
  fields: z.object({}),
  async run({ event, locale }) {
    const token = draftCookie.read(event)
    if (token) await discardDraft(await getServices(), token)
    draftCookie.clear(event)
    return `/${locale}/reports/new?discarded`
  },
})
