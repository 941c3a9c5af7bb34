import { z } from 'zod'
import { contactModes } from '#shared/reports/report-schema'
import { defineStepAction } from '../../../../http/report-step.ts'

export default defineStepAction('contact', z.object({ mode: z.enum(contactModes, 'choose') }), ({ mode }, { answers: { reach, ...answers } }) => ({
  ...answers, contact: { mode }, ...(reach && mode !== 'anonymous' && answers.contact?.mode === mode && { reach }),
}))
