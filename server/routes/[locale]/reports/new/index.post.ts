import { z } from 'zod'
import { defineFormAction } from '../../../../http/form-action.ts'
import { stepPath } from '../../../../http/report-step.ts'

/** Danger now: the numbers first, then the form all the same. */
export default defineFormAction({
  fields: z.object({ danger: z.enum(['yes', 'no'], 'choose') }),
  run: ({ input, locale }) => input.danger === 'yes' ? `/${locale}/reports/new/danger` : stepPath(locale, 'category'),
})
