import { addShiftSchema, dutyNoteSchema, dutyNowSchema, dutyShiftPathSchema, dutyShiftSchema, dutyWeekQuerySchema, dutyWeekSchema, repeatedWeekSchema, repeatWeekSchema } from '#shared/staff/duty-schema'
import type { Operation } from '../operation.ts'

const duty = { noun: 'staff', access: 'desk' } as const

export const dutyOperations: readonly Operation[] = [
  {
    ...duty, method: 'get', path: '/api/desk/staff/duty/now', id: 'readDutyNow', summary: 'Who is on duty now, and my own turn',
    answers: [{ status: 200, says: 'Who is on duty.', schema: dutyNowSchema }], errors: [],
  },
  {
    ...duty, method: 'get', path: '/api/desk/staff/duty', id: 'readDutyWeek', summary: 'A week of the roster, and whom reports called in it', query: dutyWeekQuerySchema,
    answers: [{ status: 200, says: 'The week.', schema: dutyWeekSchema }], errors: [],
  },
  {
    ...duty, method: 'post', path: '/api/desk/staff/duty/shifts', id: 'addShift', summary: 'Puts somebody on duty, by lead or chief', body: addShiftSchema,
    answers: [{ status: 200, says: 'The turn.', schema: dutyShiftSchema }], errors: ['forbidden', 'already_on_duty', 'assignee_not_allowed', 'invalid_input'],
  },
  {
    ...duty, method: 'delete', path: '/api/desk/staff/duty/shifts/{id}', id: 'removeShift', summary: 'Takes a turn off the roster; one that runs ends now', params: dutyShiftPathSchema,
    answers: [{ status: 204, says: 'Gone.' }], errors: ['forbidden', 'conflict'],
  },
  {
    ...duty, method: 'post', path: '/api/desk/staff/duty/repeat', id: 'repeatWeek', summary: 'Copies a week into those after it; what is there stays', body: repeatWeekSchema,
    answers: [{ status: 200, says: 'How many turns were added, and how many collided.', schema: repeatedWeekSchema }], errors: ['forbidden', 'invalid_input'],
  },
  {
    ...duty, method: 'post', path: '/api/desk/staff/duty/shifts/{id}/take-over', id: 'takeOverDuty', summary: 'The one coming on takes over', params: dutyShiftPathSchema,
    answers: [{ status: 200, says: 'The turn.', schema: dutyShiftSchema }], errors: ['not_your_turn'],
  },
  {
    ...duty, method: 'post', path: '/api/desk/staff/duty/shifts/{id}/note', id: 'writeDutyNote', summary: 'The one going off leaves a note; an empty one takes it away', params: dutyShiftPathSchema, body: dutyNoteSchema,
    answers: [{ status: 204, says: 'Kept.' }], errors: [],
  },
]
