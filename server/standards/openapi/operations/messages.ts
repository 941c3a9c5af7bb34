import { messagePageSchema, messagesQuerySchema, resendSchema, resentSchema } from '#shared/messages/desk-messages'
import { tokenPathSchema } from '#shared/messages/mail-settings'
import { telegramHeadersSchema, telegramUpdateSchema } from '#shared/chat/telegram-webhook'
import { hookAnswerSchema } from '#shared/accounts/send-email-hook'
import type { Operation } from '../operation.ts'

export const messageOperations: readonly Operation[] = [
  {
    method: 'post', path: '/api/telegram/webhook', id: 'receiveTelegramUpdate', noun: 'chat', access: 'hook', headers: telegramHeadersSchema, body: telegramUpdateSchema,
    summary: 'Telegram hands over an update; it is kept before it is answered, and known when it comes again', answers: [{ status: 200, says: 'It is kept.', schema: hookAnswerSchema }], errors: ['forbidden', 'not_found'],
  },
  {
    method: 'post', path: '/api/messages/{token}/unsubscribe', id: 'unsubscribe', noun: 'accounts', access: 'anyone', params: tokenPathSchema,
    summary: 'Ends the mails of an account or a report; one click in a mail program (RFC 8058)', answers: [{ status: 204, says: 'Nothing but sign-in codes is mailed any more.' }], errors: ['not_found'],
  },
  {
    method: 'get', path: '/api/messages/{token}/unsubscribe', id: 'showUnsubscribe', noun: 'accounts', access: 'anyone', params: tokenPathSchema,
    summary: 'The same address in a browser: changes nothing', answers: [{ status: 303, says: 'To the page with the button.' }], errors: [],
  },
  {
    method: 'get', path: '/api/desk/messages', id: 'listMessages', noun: 'staff', access: 'desk', query: messagesQuerySchema,
    summary: 'Mails that were given up, or that wait; for lead and chief, addresses masked', answers: [{ status: 200, says: 'Newest first.', schema: messagePageSchema }], errors: [],
  },
  {
    method: 'post', path: '/api/desk/messages/resend', id: 'resendMessages', noun: 'staff', access: 'desk', body: resendSchema,
    summary: 'Sends dead letters again; logged', answers: [{ status: 200, says: 'How many are on their way again.', schema: resentSchema }], errors: ['not_found'],
  },
]
