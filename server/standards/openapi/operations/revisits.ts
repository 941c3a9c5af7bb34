import { answerRevisitSchema, answeredSchema, outcomeSchema, recordVisitSchema, recordedSchema, revisitListQuerySchema, revisitListSchema, revisitPathSchema, settledSchema } from '#shared/revisits/revisit-schema'
import { calendarDayPathSchema, deskCalendarSchema, setCalendarDaySchema, setCountingSchema } from '#shared/revisits/calendar-schema'
import type { Operation } from '../operation.ts'

export const revisitOperations: readonly Operation[] = [
  {
    noun: 'revisits', access: 'reporter', method: 'post', path: '/api/reports/{reference}/revisits/{id}/answer', id: 'answerRevisit', params: revisitPathSchema,
    summary: 'The reporter\'s answer to a visit; "unsatisfied" opens the next step', body: answerRevisitSchema,
    answers: [{ status: 200, says: 'Kept.', schema: answeredSchema }], errors: ['forbidden'],
  },
  {
    noun: 'revisits', access: 'desk', method: 'get', path: '/api/desk/revisits', id: 'listRevisits', summary: 'Visits and answers that are awaited, the most urgent first',
    query: revisitListQuerySchema, answers: [{ status: 200, says: 'A page of the worklist.', schema: revisitListSchema }], errors: [],
  },
  {
    noun: 'revisits', access: 'desk', method: 'post', path: '/api/desk/reports/{reference}/revisits/{id}/record', id: 'recordVisit', params: revisitPathSchema,
    summary: 'Writes a visit down', body: recordVisitSchema, answers: [{ status: 200, says: 'Kept; an answer with it is provisional.', schema: recordedSchema }], errors: ['conflict'],
  },
  {
    noun: 'revisits', access: 'desk', method: 'post', path: '/api/desk/reports/{reference}/suggestions/{id}/outcome', id: 'settleSuggestion', params: revisitPathSchema,
    summary: 'What came of a suggestion, for whoever made it', body: outcomeSchema, answers: [{ status: 200, says: 'Kept.', schema: settledSchema }], errors: ['conflict'],
  },
  {
    noun: 'revisits', access: 'desk', method: 'get', path: '/api/desk/revisits/calendar', id: 'readCalendar', summary: 'How days are counted, holidays and days of the station\'s own',
    answers: [{ status: 200, says: 'The calendar from this year on.', schema: deskCalendarSchema }], errors: [],
  },
  {
    noun: 'revisits', access: 'desk', method: 'post', path: '/api/desk/revisits/calendar/days', id: 'setCalendarDay', summary: 'A day of the station\'s own, by the chief', body: setCalendarDaySchema,
    answers: [{ status: 204, says: 'Kept.' }], errors: ['forbidden'],
  },
  {
    noun: 'revisits', access: 'desk', method: 'delete', path: '/api/desk/revisits/calendar/days/{day}', id: 'removeCalendarDay', params: calendarDayPathSchema,
    summary: 'Takes a day of the station\'s own away, by the chief', answers: [{ status: 204, says: 'Gone.' }], errors: ['forbidden'],
  },
  {
    noun: 'revisits', access: 'desk', method: 'post', path: '/api/desk/revisits/calendar/counting', id: 'setDayCounting', summary: 'Every day or working days only, by the chief', body: setCountingSchema,
    answers: [{ status: 204, says: 'Kept.' }], errors: ['forbidden'],
  },
]
