import { idPathSchema } from '#shared/patrols/patrol-schema'
import { askCorrectionSchema, askedCorrectionSchema, decideCorrectionSchema, decidedCorrectionSchema, deskPointsSchema, grantPointsSchema, ownPointsSchema, setPointsSchema } from '#shared/patrols/points-schema'
import type { Operation } from '../operation.ts'

const own = { noun: 'patrols', access: 'account' } as const
const desk = { noun: 'patrols', access: 'desk' } as const

/** Hours, points and what a station gives. */
export const patrolPointsOperations: readonly Operation[] = [
  {
    ...own, method: 'get', path: '/api/patrols/points', id: 'readOwnPoints', summary: 'One\'s own hours, points and honours, line by line',
    answers: [{ status: 200, says: 'Each line with what there was after it; what was earned and waits for a budget stands apart.', schema: ownPointsSchema }], errors: ['sign_in_required'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/points/corrections', id: 'askHoursCorrection', body: askCorrectionSchema, summary: 'Asks that the hours of a patrol be counted otherwise, within 14 days of it',
    answers: [{ status: 201, says: 'A lead or the chief decides.', schema: askedCorrectionSchema }], errors: ['sign_in_required', 'invalid', 'invalid_input', 'not_found', 'status_order', 'correction_late', 'conflict', 'shift_overlap', 'reason_missing', 'too_large'],
  },
  {
    ...desk, method: 'get', path: '/api/desk/patrols/points', id: 'listDeskPoints', summary: 'Corrections to decide, the budget of the month and what is used of it, the rules',
    answers: [{ status: 200, says: 'Without names.', schema: deskPointsSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/points', id: 'setPoints', body: setPointsSchema, summary: 'The chief sets the budget of a month, what a rule earns, or the hours of the night',
    answers: [{ status: 200, says: 'The ledger after it.', schema: deskPointsSchema }], errors: ['invalid_input', 'conflict'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/points/grants', id: 'grantPoints', body: grantPointsSchema, summary: 'Notes a training, or a tip that helped',
    answers: [{ status: 200, says: 'The ledger after it; the same whoever gave the tip.', schema: deskPointsSchema }], errors: ['not_found', 'invalid_input', 'not_for_oneself'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/points/corrections/{id}', id: 'decideHoursCorrection', params: idPathSchema, body: decideCorrectionSchema, summary: 'Decides about hours, never about one\'s own; hours and points follow',
    answers: [{ status: 200, says: 'The state of the correction.', schema: decidedCorrectionSchema }], errors: ['not_for_oneself', 'status_order', 'reason_missing', 'shift_overlap'],
  },
]
