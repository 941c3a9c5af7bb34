import { checkedInSchema, checkedOutSchema, checkInSchema, leadActSchema, nightSchema } from '#shared/patrols/night-schema'
import { idPathSchema } from '#shared/patrols/patrol-schema'
import type { Operation } from '../operation.ts'

const own = { noun: 'patrols', access: 'account', params: idPathSchema } as const

/** The night of a shift. */
export const patrolNightOperations: readonly Operation[] = [
  {
    ...own, method: 'get', path: '/api/patrols/shifts/{id}/night', id: 'readNight', summary: 'The night of a shift, for whoever has a place on it or leads it',
    answers: [{ status: 200, says: 'Names and codes are for whoever opened the roll call.', schema: nightSchema }], errors: ['sign_in_required', 'not_found'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/roll-call', id: 'openRollCall', summary: 'Opens the roll call, from 30 minutes before the start to 15 after it, or takes it over',
    answers: [{ status: 200, says: 'With the codes of the next ten minutes.', schema: nightSchema }], errors: ['sign_in_required', 'not_found', 'status_order'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/check-in', id: 'checkIn', body: checkInSchema, summary: 'Checks in with the code that the lead\'s phone shows',
    answers: [{ status: 200, says: '`offline`: the code arrived within ten minutes after it was shown, and counts for then. The same code again answers the same.', schema: checkedInSchema }], errors: ['sign_in_required', 'invalid', 'not_found', 'roll_call_code', 'roll_call_tries', 'already_checked_in', 'too_large'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/check-out', id: 'checkOut', summary: 'Home again',
    answers: [{ status: 200, says: 'Whether the patrol is over with it.', schema: checkedOutSchema }], errors: ['sign_in_required', 'not_found', 'status_order'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/lead', id: 'leadPatrol', body: leadActSchema, summary: 'Whoever leads checks somebody in with a reason, starts with two or more present, checks somebody out',
    answers: [{ status: 200, says: 'The night after it.', schema: nightSchema }], errors: ['sign_in_required', 'invalid', 'not_found', 'status_order', 'reason_missing', 'not_for_oneself', 'conflict', 'start_needs_experienced', 'too_large'],
  },
]
