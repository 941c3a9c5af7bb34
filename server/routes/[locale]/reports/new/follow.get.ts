import { z } from 'zod'
import { parseReference } from '#shared/reports/receipt'
import { getQuery } from 'h3'
import { definePageData, Redirect } from '../../../../http/page-data.ts'
import { readDraft, sentPath, stepPath } from '../../../../http/report-step.ts'
import { getServices } from '../../../../services.ts'

/** "Follow this one instead": asked once more, because what was written goes. */
export default definePageData({
  async load({ event, locale }) {
    const reference = parseReference(z.string().catch('').parse(getQuery(event).reference ?? event.context.form?.values.reference))
    const draft = (await readDraft(event, await getServices()))?.draft
    if (draft?.sent) return new Redirect(sentPath(locale))
    return reference && draft ? { reference } : new Redirect(stepPath(locale, 'check'))
  },
})
