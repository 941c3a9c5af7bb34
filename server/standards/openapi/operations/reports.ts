import { z } from 'zod'
import { imageTypes, otherTypes } from '#shared/reports/attachment'
import { addedEvidenceSchema, categoryListSchema, keptMessageSchema, submittedSchema, trackedReportSchema, wholeReceiptSchema } from '#shared/reports/report-answers'
import { categoriesQuerySchema, createReportSchema, receiptHeaderSchema, reportFilePathSchema, reportPathSchema, sendMessageSchema } from '#shared/reports/report-schema'
import type { Operation } from '../operation.ts'

const ofReport = { noun: 'reports', access: 'reporter', params: reportPathSchema, headers: receiptHeaderSchema } as const

export const reportOperations: readonly Operation[] = [
  {
    method: 'get', path: '/api/categories', id: 'listCategories', noun: 'reports', access: 'anyone',
    summary: 'The service list with its questions, in the language of the request',
    query: categoriesQuerySchema, answers: [{ status: 200, says: 'In the order of the list.', schema: categoryListSchema }], errors: [],
  },
  {
    method: 'post', path: '/api/reports', id: 'createReport', noun: 'reports', access: 'anyone',
    summary: 'Files a report. The same idempotency key answers the same reference and receipt and makes one report',
    body: createReportSchema, answers: [{ status: 201, says: 'Filed. The receipt is shown this once.', schema: submittedSchema }],
    errors: ['challenge_failed', 'idempotency_conflict', 'rate_limited', 'session_ended'],
  },
  {
    ...ofReport, method: 'get', path: '/api/reports/{reference}', id: 'trackReport',
    summary: 'Follows a report. A wrong receipt and an unknown reference answer alike',
    answers: [{ status: 200, says: 'Everything the reporter may know.', schema: trackedReportSchema }], errors: ['session_ended'],
  },
  {
    ...ofReport, method: 'get', path: '/api/reports/{reference}/proof', id: 'getProof',
    summary: 'The whole receipt: signed statement, nonce, content, and the proof that it stands in the chain (null for about a minute, the root until the day is over)',
    answers: [{ status: 200, says: 'What scripts/verify-receipt.mjs checks.', schema: wholeReceiptSchema }], errors: ['session_ended'],
  },
  {
    ...ofReport, method: 'post', path: '/api/reports/{reference}/messages', id: 'sendMessage',
    summary: 'A letter from the reporter to the desk',
    body: sendMessageSchema, answers: [{ status: 201, says: 'Kept.', schema: keptMessageSchema }], errors: ['session_ended', 'conflict'],
  },
  {
    ...ofReport, method: 'post', path: '/api/reports/{reference}/attachments', id: 'addAttachment',
    summary: 'Adds one file. Its type is told by its bytes; a picture of an anonymous reporter keeps only its viewing copy',
    form: z.object({ file: z.file() }), answers: [{ status: 201, says: 'Kept, with the next statement.', schema: addedEvidenceSchema }],
    errors: ['session_ended', 'too_many_files', 'report_too_large'],
  },
  {
    ...ofReport, method: 'get', path: '/api/reports/{reference}/attachments/{id}', id: 'getAttachment', params: reportFilePathSchema,
    summary: 'A file of the report: the viewing copy of a picture, the file itself otherwise',
    answers: [{ status: 200, says: 'The file.', mediaTypes: [...imageTypes, ...otherTypes] }], errors: ['session_ended'],
  },
  {
    ...ofReport, method: 'post', path: '/api/reports/{reference}/withdraw', id: 'withdrawReport',
    summary: 'Takes the report back; its text stays for its retention',
    answers: [{ status: 204, says: 'Withdrawn.' }], errors: ['session_ended', 'already_withdrawn', 'already_closed'],
  },
]
