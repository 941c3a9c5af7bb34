import {
  alertListSchema, alertOffersSchema, alertPathSchema, alertPreviewSchema, alertTemplateSchema, alertsQuerySchema, changeAlertSchema, decideAlertSchema, deskAlertPathSchema, deskAlertsQuerySchema, deskAlertsSchema, newAlertSchema,
  publishAlertSchema, publishedAnswerSchema, readAlertSchema, returnAlertSchema, savedAlertSchema, shownAlertSchema, templatePathSchema,
} from '#shared/alerts/alert-schema'
import { moveSubscriptionSchema, respondedSchema, respondSchema, subscribedSchema, subscribeSchema, subscriptionPathSchema } from '#shared/alerts/subscription-schema'
import { alertProgressSchema, deskResponsesQuerySchema, deskResponsesSchema, openedResponseSchema, responsePathSchema } from '#shared/alerts/desk-progress'
import { checkInputSchema, checkedMessageSchema } from '#shared/alerts/check-page'
import type { Operation } from '../operation.ts'

const open = { noun: 'alerts', access: 'anyone', method: 'get' } as const
const desk = { noun: 'alerts', access: 'desk' } as const
const one = { ...desk, method: 'post', params: deskAlertPathSchema } as const
const unready = ['alert_ended', 'alert_incomplete', 'alert_expiry'] as const
const draft = { status: 201, says: 'The draft, with what its reader may do with it.', schema: savedAlertSchema } as const
const changed = { ...draft, status: 200 } as const

export const alertOperations: readonly Operation[] = [
  {
    ...open, path: '/api/alerts', id: 'listAlerts', query: alertsQuerySchema, summary: 'What counts now, the most serious first; a cancellation or an all clear stays until its own end',
    answers: [{ status: 200, says: 'Signed messages with their state. A community that is not there has none.', schema: alertListSchema }], errors: [],
  },
  {
    ...open, path: '/api/alerts/{identifier}', id: 'readAlert', params: alertPathSchema, summary: 'One published message by its identifier or short code, however old',
    answers: [{ status: 200, says: 'The message. statement.contentHash is the SHA-256 of its canonical JSON without chain, chainSent, follows, endedBy, communityIds, gridIds, statement and state.', schema: shownAlertSchema }], errors: [],
  },
  {
    ...open, method: 'post', path: '/api/alerts/{identifier}/responses', id: 'respondToAlert', params: alertPathSchema, body: respondSchema, summary: 'Seen, safe, need help, know something. Help calls whoever is on duty at once',
    answers: [{ status: 200, says: 'The same answer again is the same.', schema: respondedSchema }], errors: ['invalid', 'not_found', 'rate_limited', 'too_large'],
  },
  {
    ...open, method: 'post', path: '/api/subscriptions', id: 'subscribeToAlerts', body: subscribeSchema, summary: 'Somebody wants alerts by mail or in their browser; no account is needed',
    answers: [{ status: 201, says: 'By mail it waits 48 hours for a yes from the letter box, whether the address is known or not.', schema: subscribedSchema }], errors: ['invalid', 'rate_limited', 'too_large'],
  },
  {
    ...open, method: 'put', path: '/api/subscriptions/{token}', id: 'moveSubscription', params: subscriptionPathSchema, body: moveSubscriptionSchema, summary: 'A browser that gets alerts has another push address',
    answers: [{ status: 204, says: 'Alerts go there from now on; what was wanted stays.' }], errors: ['invalid', 'not_found', 'rate_limited', 'too_large'],
  },
  {
    ...open, method: 'post', path: '/api/subscriptions/{token}/unsubscribe', id: 'unsubscribeFromAlerts', params: subscriptionPathSchema, summary: 'Ends a subscription; one click in a mail program (RFC 8058), as often as somebody likes',
    answers: [{ status: 204, says: 'It has ended; where to send is forgotten.' }], errors: ['not_found'],
  },
  {
    ...open, path: '/api/subscriptions/{token}/unsubscribe', id: 'showUnsubscribeFromAlerts', params: subscriptionPathSchema, summary: 'The same address in a browser: changes nothing',
    answers: [{ status: 303, says: 'To the page with the button.' }], errors: [],
  },
  {
    noun: 'alerts', access: 'anyone', method: 'post', path: '/api/alerts/check', id: 'checkMessage', body: checkInputSchema, summary: 'Is this real? A short code, a link or a forwarded text against all that was published; nothing of it is kept',
    answers: [{ status: 200, says: 'The verdict. Unknown means that we did not publish it, not that it is false.', schema: checkedMessageSchema }], errors: ['rate_limited', 'too_large'],
  },
  {
    ...desk, method: 'get', path: '/api/desk/alerts', id: 'listDeskAlerts', query: deskAlertsQuerySchema, summary: 'Messages of the station, drafts too; officers see those of their communities',
    answers: [{ status: 200, says: 'The last changed first, 100 at most.', schema: deskAlertsSchema }], errors: [],
  },
  { ...desk, method: 'post', path: '/api/desk/alerts', id: 'draftAlert', body: newAlertSchema, summary: 'A new draft', answers: [draft], errors: ['invalid', 'invalid_input', 'too_large'] },
  {
    ...desk, method: 'get', path: '/api/desk/alerts/templates', id: 'listAlertTemplates', summary: 'What the composer offers: what alerts may be about, and templates',
    answers: [{ status: 200, says: 'In their order.', schema: alertOffersSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/alerts/templates', id: 'saveAlertTemplate', body: alertTemplateSchema, summary: 'Adds a template or writes it anew, by lead or chief',
    answers: [{ status: 204, says: 'Kept.' }], errors: ['invalid_input'],
  },
  {
    ...desk, method: 'delete', path: '/api/desk/alerts/templates/{slug}', id: 'removeAlertTemplate', params: templatePathSchema, summary: 'Takes a template away, by lead or chief',
    answers: [{ status: 204, says: 'Gone.' }], errors: [],
  },
  {
    ...one, method: 'get', path: '/api/desk/alerts/{id}', id: 'readDeskAlert', summary: 'One message with everything in it, and its chain',
    answers: [{ status: 200, says: 'The chain has the oldest first.', schema: readAlertSchema }], errors: [],
  },
  {
    ...one, method: 'get', path: '/api/desk/alerts/{id}/preview', id: 'previewAlert', summary: 'A draft as each channel would bring it, were it published now',
    answers: [{ status: 200, says: 'In every language; nothing of it is signed.', schema: alertPreviewSchema }], errors: ['alert_incomplete'],
  },
  {
    ...one, method: 'get', path: '/api/desk/alerts/{id}/progress', id: 'readAlertProgress', summary: 'How far a published message came: by channel as it is, by community rounded and hidden below ten',
    answers: [{ status: 200, says: 'As it stands now.', schema: alertProgressSchema }], errors: [],
  },
  {
    ...desk, method: 'get', path: '/api/desk/alerts/responses', id: 'listAlertResponses', query: deskResponsesQuerySchema, summary: 'Calls for help and what people know, without their words',
    answers: [{ status: 200, says: 'Newest first.', schema: deskResponsesSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/alerts/responses/{id}/open', id: 'openAlertResponse', params: responsePathSchema, summary: 'The words of one; opening them is logged',
    answers: [{ status: 200, says: 'The words, if there are any.', schema: openedResponseSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/alerts/responses/{id}/handled', id: 'handleAlertResponse', params: responsePathSchema, summary: 'Somebody has seen to it',
    answers: [{ status: 204, says: 'Kept.' }], errors: ['conflict'],
  },
  { ...one, path: '/api/desk/alerts/{id}', id: 'changeAlert', body: changeAlertSchema, summary: 'Changes a draft, which takes it out of review', answers: [changed], errors: ['invalid', 'invalid_input', 'conflict', 'too_large'] },
  { ...one, path: '/api/desk/alerts/{id}/submit', id: 'submitAlert', body: decideAlertSchema, summary: 'Hands a draft in for review', answers: [changed], errors: ['conflict', ...unready] },
  {
    ...one, path: '/api/desk/alerts/{id}/return', id: 'returnAlert', body: returnAlertSchema, summary: 'Gives it back to whoever wrote it, by lead or chief',
    answers: [changed], errors: ['conflict', 'reason_missing', 'status_order'],
  },
  { ...one, path: '/api/desk/alerts/{id}/discard', id: 'discardAlert', body: decideAlertSchema, summary: 'Throws a draft away', answers: [changed], errors: ['conflict'] },
  {
    ...one, path: '/api/desk/alerts/{id}/approve', id: 'approveAlert', body: decideAlertSchema, summary: 'A lead or chief who neither began nor last changed it has looked at it',
    answers: [changed], errors: ['conflict', 'second_person_required', 'status_order', ...unready],
  },
  {
    ...one, path: '/api/desk/alerts/{id}/publish', id: 'publishAlert', body: publishAlertSchema, summary: 'Publishes, by lead or chief; orange and red ones, and what follows them, need a second person or the reason of the chief',
    answers: [{ status: 200, says: 'The message as everybody reads it.', schema: publishedAnswerSchema }], errors: ['conflict', 'second_person_required', 'reason_missing', 'status_order', ...unready],
  },
  ...(['update', 'cancel', 'all-clear'] as const).map((act): Operation => ({
    ...one, path: `/api/desk/alerts/{id}/${act}`, id: { 'update': 'updateAlert', 'cancel': 'cancelAlert', 'all-clear': 'clearAlert' }[act], summary: `Begins the message that continues the chain: ${act}`,
    answers: [draft], errors: ['alert_ended', 'follow_up_open', 'invalid_input'],
  })),
  { ...one, path: '/api/desk/alerts/{id}/exercise', id: 'rehearseAlert', summary: 'Begins a drill like it, a chain of its own', answers: [draft], errors: ['invalid_input'] },
]
