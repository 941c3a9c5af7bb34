import { z } from 'zod'
import { endView } from '#server/domain/reports/start-view'
import { defineFormAction } from '../../../../http/form-action.ts'
import { viewCookie } from '../../../../http/report-cookies.ts'
import { getServices } from '../../../../services.ts'

/** Closes the report on this device: whoever comes next needs the receipt. */
export default defineFormAction({
  fields: z.object({}),
  async run({ event, locale }) {
    const token = viewCookie.read(event)
    if (token) await endView(await getServices(), token)
    viewCookie.clear(event)
    return `/${locale}/reports/track?closed`
  },
})
