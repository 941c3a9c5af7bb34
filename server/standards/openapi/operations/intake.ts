import { createIntakeSchema, intakeDraftSchema, intakeReceiptSchema, intakeStateSchema, keptDraftSchema, lookUpSchema } from '#shared/reports/intake-schema'
import { lookedUpSchema } from '#shared/reports/report-answers'
import type { Operation } from '../operation.ts'

const intake = { noun: 'reports', access: 'desk' } as const

export const intakeOperations: readonly Operation[] = [
  {
    ...intake, method: 'get', path: '/api/desk/reports/intake', id: 'readIntake', summary: 'What was typed before a reload, or the receipt that has not been handed over',
    answers: [{ status: 200, says: 'The form as it was.', schema: intakeStateSchema }], errors: [],
  },
  {
    ...intake, method: 'post', path: '/api/desk/reports/intake', id: 'takeReport', summary: 'Takes a report in for somebody at the counter or on the phone; the same key gives the same receipt', body: createIntakeSchema,
    answers: [{ status: 200, says: 'The receipt, for the paper. It is shown nowhere else.', schema: intakeReceiptSchema }], errors: ['forbidden', 'names_you', 'rate_limited', 'idempotency_conflict'],
  },
  {
    ...intake, method: 'post', path: '/api/desk/reports/intake/draft', id: 'keepIntakeDraft', summary: 'Keeps what is typed for two hours, sealed; answers with the call card when it sounds like a danger', body: intakeDraftSchema,
    answers: [{ status: 200, says: 'Kept.', schema: keptDraftSchema }], errors: ['rate_limited'],
  },
  {
    ...intake, method: 'delete', path: '/api/desk/reports/intake/draft', id: 'discardIntakeDraft', summary: 'Forgets what was typed', answers: [{ status: 204, says: 'Gone.' }], errors: [],
  },
  {
    ...intake, method: 'delete', path: '/api/desk/reports/intake/receipt', id: 'handOverReceipt', summary: 'The receipt was handed over: it leaves this browser', answers: [{ status: 204, says: 'Gone.' }], errors: [],
  },
  {
    ...intake, method: 'post', path: '/api/desk/reports/intake/look-up', id: 'lookUpReport', summary: 'What somebody who shows their receipt would see; logged as an opening', body: lookUpSchema,
    answers: [{ status: 200, says: 'The report as its reporter sees it.', schema: lookedUpSchema }], errors: ['forbidden', 'rate_limited'],
  },
]
