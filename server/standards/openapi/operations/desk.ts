import { z } from 'zod'
import { referenceDataSchema } from '#shared/communities/reference-data'
import { imageTypes, otherTypes } from '#shared/reports/attachment'
import {
  acceptSchema, assignAnswerSchema, assignSchema, attachmentPathSchema, banSchema, changeStatusSchema, deskReportSchema, fileAnswerSchema, inboxPageSchema, inboxQuerySchema, mergeAnswerSchema, mergeSchema, messageAnswerSchema,
  noteAnswerSchema, noteSchema, referencePathSchema, staffMessageSchema, statusAnswerSchema, summarySchema, unmergeAnswerSchema,
} from '#shared/reports/desk-schema'
import { askRevealSchema, identitySchema, revealPathSchema, revealSchema, revealsSchema } from '#shared/reports/reveal-schema'
import { responseTemplatesSchema } from '#shared/reports/response-template'
import { auditPageSchema, auditQuerySchema, banPathSchema, bansSchema, colleaguesSchema, deskProfileSchema } from '#shared/staff/desk-schema'
import { verificationPathSchema, verificationProgressSchema, verificationSchema } from '#shared/trust/verification'
import type { Operation } from '../operation.ts'

const reports = { noun: 'reports', access: 'desk' } as const
const staff = { noun: 'staff', access: 'desk' } as const
const trust = { noun: 'trust', access: 'desk', method: 'post' } as const
const report = { ...reports, method: 'post', params: referencePathSchema } as const
const done = { status: 204, says: 'Done.' } as const

export const deskOperations: readonly Operation[] = [
  {
    ...staff, method: 'get', path: '/api/desk/me', id: 'getDeskProfile', summary: 'Who I am at the desk, and how much waits for me',
    answers: [{ status: 200, says: 'My profile.', schema: deskProfileSchema }], errors: [],
  },
  {
    ...staff, method: 'get', path: '/api/desk/staff', id: 'listColleagues', summary: 'The staff of my station',
    answers: [{ status: 200, says: 'By badge number.', schema: colleaguesSchema }], errors: [],
  },
  {
    ...staff, method: 'get', path: '/api/desk/audit', id: 'listAuditLog', summary: 'The log of the station, newest first; for auditor and chief',
    query: auditQuerySchema, answers: [{ status: 200, says: 'A page of the log.', schema: auditPageSchema }], errors: [],
  },
  {
    ...trust, path: '/api/desk/audit/verifications', id: 'beginVerification', summary: 'Begins a run of the verifier over the chain; for auditor and chief',
    answers: [{ status: 200, says: 'Begun: ask for its pages.', schema: verificationSchema }], errors: ['forbidden'],
  },
  {
    ...trust, path: '/api/desk/audit/verifications/{id}', id: 'verifyPage', summary: 'Verifies the next page of a run. The last one is logged with what was found',
    params: verificationPathSchema, answers: [{ status: 200, says: 'The sums so far.', schema: verificationProgressSchema }], errors: [],
  },
  {
    ...reports, method: 'get', path: '/api/desk/templates', id: 'listTemplates', summary: 'Prepared sentences',
    answers: [{ status: 200, says: 'In the order of the service list.', schema: responseTemplatesSchema }], errors: [],
  },
  {
    method: 'get', noun: 'communities', access: 'desk', path: '/api/desk/reference', id: 'getReferenceData', summary: 'Station, communities, grids and categories, in every language',
    answers: [{ status: 200, says: 'What every page starts with.', schema: referenceDataSchema }], errors: [],
  },
  {
    ...reports, method: 'get', path: '/api/desk/reports', id: 'listReports', summary: 'A page of the inbox, newest first. No texts of residents: not an opening',
    query: inboxQuerySchema, answers: [{ status: 200, says: 'A page of the inbox.', schema: inboxPageSchema }], errors: [],
  },
  {
    ...reports, method: 'get', path: '/api/desk/reports/{reference}', id: 'openReport', params: referencePathSchema, summary: 'Opens a report; logged, and shown to the reporter',
    answers: [{ status: 200, says: 'The report.', schema: deskReportSchema }], errors: [],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/accept', id: 'acceptReport', summary: 'Takes a report as a case',
    body: acceptSchema, answers: [{ status: 200, says: 'The new state.', schema: statusAnswerSchema }], errors: ['conflict', 'status_order'],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/status', id: 'changeStatus', summary: 'Moves a report on, with a sentence for the reporter',
    body: changeStatusSchema, answers: [{ status: 200, says: 'The new state.', schema: statusAnswerSchema }], errors: ['conflict', 'status_order', 'reason_missing'],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/assign', id: 'assignReport', summary: 'Hands a report to a colleague, to oneself or to nobody',
    body: assignSchema, answers: [{ status: 200, says: 'Who has it now.', schema: assignAnswerSchema }], errors: ['assignee_not_allowed'],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/messages', id: 'writeToReporter', summary: 'A letter to the reporter',
    body: staffMessageSchema, answers: [{ status: 200, says: 'Kept.', schema: messageAnswerSchema }], errors: ['conflict'],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/attachments', id: 'sendFileToReporter', summary: 'A letter to the reporter with one file',
    form: staffMessageSchema.extend({ file: z.file() }), answers: [{ status: 200, says: 'Kept.', schema: fileAnswerSchema }], errors: ['conflict', 'too_many_files', 'report_too_large'],
  },
  {
    ...reports, method: 'get', path: '/api/desk/attachments/{id}', id: 'openAttachment', params: attachmentPathSchema, summary: 'A file: the viewing copy of a picture, the file itself otherwise; logged',
    answers: [{ status: 200, says: 'The file.', mediaTypes: [...imageTypes, ...otherTypes] }], errors: [],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/notes', id: 'addNote', summary: 'An internal note',
    body: noteSchema, answers: [{ status: 200, says: 'Kept.', schema: noteAnswerSchema }], errors: [],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/summary', id: 'summariseReport', summary: 'The desk\'s own words about a report; empty takes them away',
    body: summarySchema, answers: [done], errors: ['too_long'],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/merge', id: 'mergeReport', summary: 'Closes a report as the duplicate of another',
    body: mergeSchema, answers: [{ status: 200, says: 'The report that goes on.', schema: mergeAnswerSchema }], errors: ['merge_not_allowed'],
  },
  { ...report, path: '/api/desk/reports/{reference}/unmerge', id: 'unmergeReport', summary: 'Makes a merged report a case of its own again', answers: [{ status: 200, says: 'The ladder as it stands now.', schema: unmergeAnswerSchema }], errors: ['merge_not_allowed'] },
  { ...report, path: '/api/desk/reports/{reference}/release', id: 'releaseReport', summary: 'Takes the marks "hidden" and "unverified" off a report', answers: [done], errors: [] },
  { ...report, path: '/api/desk/reports/{reference}/ban', id: 'banReporter', summary: 'Hides what the account behind a report sends later', body: banSchema, answers: [done], errors: ['no_account'] },
  { ...reports, method: 'get', path: '/api/desk/bans', id: 'listBans', summary: 'Accounts whose reports are hidden', answers: [{ status: 200, says: 'Newest first.', schema: bansSchema }], errors: [] },
  { ...reports, method: 'delete', path: '/api/desk/bans/{id}', id: 'liftBan', params: banPathSchema, summary: 'Ends a ban', answers: [done], errors: [] },
  {
    ...report, method: 'get', path: '/api/desk/reports/{reference}/reveals', id: 'listReveals', summary: 'Requests to open what is sealed in a report. No identity is in them',
    answers: [{ status: 200, says: 'Newest first.', schema: revealsSchema }], errors: [],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/reveals', id: 'askReveal', summary: 'Asks to open the sealed identity, or the original of a file, with a reason that the reporter will read',
    body: askRevealSchema, answers: [{ status: 200, says: 'Waits for a second person.', schema: revealSchema }], errors: ['nothing_sealed', 'conflict', 'reason_missing'],
  },
  ...(['approve', 'decline'] as const).map(verb => ({
    ...report, path: `/api/desk/reports/{reference}/reveals/{id}/${verb}`, id: `${verb}Reveal`, summary: verb === 'approve' ? 'Another lead or chief agrees, for 24 hours' : 'Another lead or chief does not agree',
    params: revealPathSchema, answers: [{ status: 200 as const, says: 'Decided.', schema: revealSchema }], errors: ['second_person_required' as const, 'conflict' as const],
  })),
  {
    ...report, path: '/api/desk/reports/{reference}/reveals/{id}/identity', id: 'readIdentity', summary: 'Who it was, while an approval holds. Logged and shown to the reporter',
    params: revealPathSchema, answers: [{ status: 200, says: 'The contact.', schema: identitySchema }], errors: ['nothing_sealed'],
  },
  {
    ...report, path: '/api/desk/reports/{reference}/reveals/{id}/original', id: 'openOriginal', summary: 'The original of a file, while an approval holds. Logged and shown to the reporter',
    params: revealPathSchema, answers: [{ status: 200, says: 'The file, for saving.', mediaTypes: [...imageTypes, ...otherTypes] }], errors: [],
  },
]
