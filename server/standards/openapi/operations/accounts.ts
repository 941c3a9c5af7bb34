import { signInSchema } from '#shared/accounts/account-schema'
import { hookAnswerSchema, sendEmailHookSchema, webhookHeadersSchema } from '#shared/accounts/send-email-hook'
import { batchesSchema, batchPathSchema, confirmationSchema, confirmedSchema, newBatchSchema, sheetSchema } from '#shared/accounts/verification'
import { demoMailsSchema } from '#shared/staff/desk-schema'
import type { Operation } from '../operation.ts'

export const accountOperations: readonly Operation[] = [
  {
    method: 'post', path: '/api/session', id: 'signIn', noun: 'accounts', access: 'anyone',
    summary: 'Signs in by e-mail and password',
    body: signInSchema, answers: [{ status: 204, says: 'Signed in; the session is in httpOnly cookies.' }], errors: ['wrong_credentials', 'rate_limited'],
  },
  {
    method: 'delete', path: '/api/session', id: 'signOut', noun: 'accounts', access: 'anyone',
    summary: 'Signs out; the session ends in the database too',
    answers: [{ status: 204, says: 'Signed out, or nobody was signed in.' }], errors: [],
  },
  {
    method: 'post', path: '/api/hooks/send-email', id: 'sendSignInMail', noun: 'accounts', access: 'hook',
    summary: 'Supabase Auth hands over a mail of the sign-in (Send Email hook)',
    headers: webhookHeadersSchema, body: sendEmailHookSchema, answers: [{ status: 200, says: 'The mail is in the outbox.', schema: hookAnswerSchema }], errors: ['forbidden', 'not_found'],
  },
  {
    method: 'get', path: '/api/desk/mailbox', id: 'listDemoMails', noun: 'accounts', access: 'anyone',
    summary: 'Mails that a demo station would have sent; elsewhere not found',
    answers: [{ status: 200, says: 'The newest first.', schema: demoMailsSchema }], errors: ['not_found'],
  },
  {
    method: 'post', path: '/api/desk/accounts/confirm', id: 'confirmResident', noun: 'accounts', access: 'desk',
    summary: 'An officer confirms the resident in front of them, who shows a code of ten minutes',
    body: confirmationSchema, answers: [{ status: 200, says: 'Confirmed as a resident of this community.', schema: confirmedSchema }], errors: ['forbidden', 'rate_limited'],
  },
  {
    method: 'get', path: '/api/desk/accounts/batches', id: 'listPaperCodes', noun: 'accounts', access: 'desk',
    summary: 'Sheets of paper codes that verify residents, and how many are left',
    answers: [{ status: 200, says: 'The newest first.', schema: batchesSchema }], errors: ['forbidden'],
  },
  {
    method: 'post', path: '/api/desk/accounts/batches', id: 'makePaperCodes', noun: 'accounts', access: 'desk',
    summary: 'Makes a sheet of paper codes',
    body: newBatchSchema, answers: [{ status: 200, says: 'The codes, this once: only keyed hashes are kept.', schema: sheetSchema }], errors: ['forbidden'],
  },
  {
    method: 'delete', path: '/api/desk/accounts/batches/{id}', id: 'revokePaperCodes', noun: 'accounts', access: 'desk',
    summary: 'The codes of a lost sheet stop working',
    params: batchPathSchema, answers: [{ status: 204, says: 'Revoked.' }], errors: ['forbidden', 'not_found'],
  },
]
