import {
  applySchema, changeOwnSchema, changeShiftSchema, decidedVolunteerSchema, decideSwapSchema, decideVolunteerSchema, deskPatrolsQuerySchema, deskPatrolsSchema, deskVolunteersSchema, endedSeriesSchema, idPathSchema, missedSchema, newRouteSchema, newSeriesSchema, newShiftSchema,
  openedVolunteerSchema, openShiftsSchema, ownPatrolsSchema, patrolTermsSchema, placeAnswerSchema, publicPatrolsSchema, reasonSchema, savedRouteSchema, savedSeriesSchema, savedShiftSchema, shiftsQuerySchema, skillSchema, swapActSchema, volunteersQuerySchema, volunteerStateSchema,
} from '#shared/patrols/patrol-schema'
import { newFeedSchema, ownFeedSchema } from '#shared/patrols/feed-schema'
import type { Operation } from '../operation.ts'

const open = { noun: 'patrols', access: 'anyone' } as const
const own = { noun: 'patrols', access: 'account' } as const
const desk = { noun: 'patrols', access: 'desk' } as const

export const patrolOperations: readonly Operation[] = [
  {
    ...open, method: 'get', path: '/api/patrols', id: 'listPatrols', summary: 'Where patrols go in the next 14 days',
    answers: [{ status: 200, says: 'Day and community only.', schema: publicPatrolsSchema }], errors: [],
  },
  {
    ...open, method: 'get', path: '/api/patrols/terms', id: 'readPatrolTerms', summary: 'What an application asks for',
    answers: [{ status: 200, says: 'Declarations in the wording in force, kinds of shifts, skills.', schema: patrolTermsSchema }], errors: [],
  },
  {
    ...own, method: 'post', path: '/api/patrols/applications', id: 'applyAsVolunteer', body: applySchema, summary: 'Asks to join the roster',
    answers: [{ status: 201, says: 'How far the application is.', schema: volunteerStateSchema }], errors: ['sign_in_required', 'invalid', 'invalid_input', 'not_found', 'conflict', 'already_volunteer', 'too_large'],
  },
  {
    ...own, method: 'get', path: '/api/patrols/own', id: 'readOwnPatrols', summary: 'Oneself as a volunteer, the shifts of four weeks, and those behind one',
    answers: [{ status: 200, says: 'Other volunteers appear as counts.', schema: ownPatrolsSchema }], errors: ['sign_in_required'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/own', id: 'changeOwnVolunteering', body: changeOwnSchema, summary: 'Appeals against a refusal, leaves, or says when one has time',
    answers: [{ status: 200, says: 'The state after it.', schema: volunteerStateSchema }], errors: ['sign_in_required', 'invalid', 'invalid_input', 'not_found', 'status_order', 'reason_missing', 'too_large'],
  },
  {
    ...own, method: 'get', path: '/api/patrols/shifts', id: 'listOpenShifts', query: shiftsQuerySchema, summary: 'Open shifts with free places, for volunteers',
    answers: [{ status: 200, says: 'Empty for whoever is no volunteer: the public learns the day and the community (`GET /api/patrols`).', schema: openShiftsSchema }], errors: ['sign_in_required', 'invalid'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/signup', id: 'signUpForShift', params: idPathSchema, summary: 'Signs up for a shift, or for its waiting list when it is full',
    answers: [{ status: 200, says: 'The place, and how many wait before one.', schema: placeAnswerSchema }], errors: ['sign_in_required', 'not_found', 'not_enrolled', 'sign_up_locked', 'shift_closed', 'shift_overlap', 'kind_needed', 'skill_needed', 'experienced_needed', 'first_claims', 'already_signed_up'],
  },
  {
    ...own, method: 'delete', path: '/api/patrols/shifts/{id}/signup', id: 'leaveShift', params: idPathSchema, summary: 'Gives a place back until three hours before the start; a waiting list or an offer at any time',
    answers: [{ status: 200, says: 'Left.', schema: placeAnswerSchema }], errors: ['sign_in_required', 'not_found', 'not_enrolled', 'too_late_to_leave'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/offer', id: 'acceptOfferedPlace', params: idPathSchema, summary: 'Takes the place that is kept for one; DELETE of the sign-up lets the next one have it',
    answers: [{ status: 200, says: 'The place.', schema: placeAnswerSchema }], errors: ['sign_in_required', 'not_found', 'not_enrolled', 'sign_up_locked', 'shift_closed', 'shift_overlap', 'kind_needed', 'skill_needed', 'experienced_needed'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/swap', id: 'askForSwap', params: idPathSchema, summary: 'Asks to hand one\'s place on; the id goes to a colleague',
    answers: [{ status: 200, says: 'The swap.', schema: placeAnswerSchema }], errors: ['sign_in_required', 'not_found', 'not_enrolled', 'shift_closed', 'conflict'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/swaps/{id}', id: 'answerSwap', params: idPathSchema, body: swapActSchema, summary: 'Takes a place that a colleague hands on, or withdraws from it; a lead approves',
    answers: [{ status: 200, says: 'The state of the swap.', schema: placeAnswerSchema }], errors: ['sign_in_required', 'invalid', 'not_found', 'too_large', 'not_enrolled', 'sign_up_locked', 'shift_closed', 'shift_overlap', 'kind_needed', 'skill_needed', 'experienced_needed', 'already_signed_up', 'conflict'],
  },
  {
    ...own, method: 'get', path: '/api/patrols/calendar', id: 'readOwnCalendarFeed', summary: 'Whether one has a calendar that a phone subscribes to',
    answers: [{ status: 200, says: 'Since when, and on which day it was last asked for; never its address.', schema: ownFeedSchema }], errors: ['sign_in_required'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/calendar', id: 'makeCalendarFeed', summary: 'Makes the address of one\'s calendar anew; the one before ends',
    answers: [{ status: 201, says: 'The address, told once.', schema: newFeedSchema }], errors: ['sign_in_required', 'not_enrolled'],
  },
  {
    ...own, method: 'delete', path: '/api/patrols/calendar', id: 'endCalendarFeed', summary: 'Ends the address of one\'s calendar',
    answers: [{ status: 200, says: 'There is none.', schema: ownFeedSchema }], errors: ['sign_in_required', 'not_found', 'not_enrolled'],
  },
  {
    ...desk, method: 'get', path: '/api/desk/patrols', id: 'listDeskPatrols', query: deskPatrolsQuerySchema, summary: 'Shifts between two instants with who is on them by id, series and routes',
    answers: [{ status: 200, says: 'Officers see their communities.', schema: deskPatrolsSchema }], errors: ['invalid_input'],
  },
  {
    ...desk, method: 'get', path: '/api/desk/patrols/volunteers', id: 'listVolunteers', query: volunteersQuerySchema, summary: 'Volunteers without names',
    answers: [{ status: 200, says: 'The last changed first, 200 at most.', schema: deskVolunteersSchema }], errors: [],
  },
  {
    ...desk, method: 'get', path: '/api/desk/patrols/volunteers/{id}', id: 'openVolunteer', params: idPathSchema, summary: 'One volunteer with name, phones and every step; the opening is logged',
    answers: [{ status: 200, says: 'The volunteer.', schema: openedVolunteerSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/volunteers/{id}/decisions', id: 'decideVolunteer', params: idPathSchema, body: decideVolunteerSchema, summary: 'Review, assessment by another person, enrolment, and what may follow',
    answers: [{ status: 200, says: 'The volunteer after it.', schema: decidedVolunteerSchema }], errors: ['not_for_oneself', 'second_person_required', 'status_order', 'reason_missing', 'invalid_input'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/volunteers/{id}/skills', id: 'confirmSkill', params: idPathSchema, body: skillSchema, summary: 'Confirms a skill or takes it back, by lead or chief',
    answers: [{ status: 200, says: 'The volunteer after it.', schema: decidedVolunteerSchema }], errors: ['not_for_oneself', 'invalid_input'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/shifts', id: 'planShift', body: newShiftSchema, summary: 'A new shift, by lead or chief; never for fewer than two',
    answers: [{ status: 201, says: 'The shift.', schema: savedShiftSchema }], errors: ['invalid_input'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/shifts/{id}', id: 'changeShift', params: idPathSchema, body: changeShiftSchema, summary: 'Changes a shift that has not begun; who is on it is told of a new time',
    answers: [{ status: 200, says: 'The shift.', schema: savedShiftSchema }], errors: ['conflict', 'shift_closed', 'shift_overlap', 'invalid_input'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/shifts/{id}/cancel', id: 'cancelShift', params: idPathSchema, body: reasonSchema, summary: 'Calls a shift off and tells who was on it',
    answers: [{ status: 200, says: 'The shift.', schema: savedShiftSchema }], errors: ['shift_closed', 'reason_missing'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/places/{id}/no-show', id: 'markNoShow', params: idPathSchema, summary: 'Somebody did not come; two such shifts lock signing up',
    answers: [{ status: 200, says: 'How many were missed.', schema: missedSchema }], errors: ['status_order', 'not_for_oneself'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/swaps/{id}', id: 'decideSwap', params: idPathSchema, body: decideSwapSchema, summary: 'Approves or refuses that a place goes to a colleague, by lead or chief',
    answers: [{ status: 200, says: 'The shift.', schema: savedShiftSchema }], errors: ['status_order', 'not_for_oneself', 'not_enrolled', 'sign_up_locked', 'shift_closed', 'shift_overlap', 'kind_needed', 'skill_needed', 'experienced_needed', 'already_signed_up'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/series', id: 'planSeries', body: newSeriesSchema, summary: 'A weekly rule; a job writes its shifts 28 days ahead',
    answers: [{ status: 201, says: 'How many shifts were written at once.', schema: savedSeriesSchema }], errors: ['invalid_input'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/series/{id}/end', id: 'endSeries', params: idPathSchema, body: reasonSchema, summary: 'Ends a weekly rule; shifts that nobody signed up for are cancelled',
    answers: [{ status: 200, says: 'How many were cancelled.', schema: endedSeriesSchema }], errors: ['reason_missing'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/routes', id: 'saveRoute', body: newRouteSchema, summary: 'A route with its checkpoints, by lead or chief',
    answers: [{ status: 201, says: 'The route.', schema: savedRouteSchema }], errors: ['invalid_input'],
  },
]
