import { idPathSchema } from '#shared/patrols/patrol-schema'
import { checklistAnswersSchema, checkpointPathSchema, deskRoundSchema, filedPatrolReportSchema, issuePostersSchema, newPatrolReportSchema, overduePatrolsSchema, postersSchema, roundSchema, visitSchema } from '#shared/patrols/round-schema'
import type { Operation } from '../operation.ts'

const own = { noun: 'patrols', access: 'account' } as const
const desk = { noun: 'patrols', access: 'desk' } as const

/** A patrol on its way: checklist, checkpoints, report. */
export const patrolRoundOperations: readonly Operation[] = [
  {
    ...own, method: 'get', path: '/api/patrols/shifts/{id}/round', id: 'readRound', params: idPathSchema, summary: 'Checklist, checkpoints and report of a patrol, for whoever has a place on it or leads it',
    answers: [{ status: 200, says: 'Others\' answers appear as counts.', schema: roundSchema }], errors: ['sign_in_required', 'not_found'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/checklist', id: 'answerChecklist', params: idPathSchema, body: checklistAnswersSchema, summary: 'One\'s own answers to the checklist, after checking in',
    answers: [{ status: 200, says: 'The patrol after it. Nothing of it keeps a patrol from starting.', schema: roundSchema }], errors: ['sign_in_required', 'invalid', 'not_found', 'status_order', 'invalid_input', 'too_large'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/shifts/{id}/report', id: 'filePatrolReport', params: idPathSchema, body: newPatrolReportSchema, summary: 'The report of a patrol, from its start until a day after its end; each finding becomes a report of its own',
    answers: [{ status: 201, says: 'Reference and receipt of each finding. The same key with the same body answers the same.', schema: filedPatrolReportSchema }],
    errors: ['sign_in_required', 'invalid', 'not_found', 'status_order', 'conflict', 'idempotency_conflict', 'rate_limited', 'invalid_input', 'too_large', 'unavailable'],
  },
  {
    ...own, method: 'post', path: '/api/patrols/checkpoints/{code}', id: 'visitCheckpoint', params: checkpointPathSchema, summary: 'The poster at a checkpoint was scanned, on one\'s own patrol under way',
    answers: [{ status: 200, says: 'Kept are the checkpoint, its grid and the minute, for the patrol and for nobody\'s name.', schema: visitSchema }], errors: ['sign_in_required', 'not_found'],
  },
  {
    ...desk, method: 'get', path: '/api/desk/patrols/shifts/{id}/round', id: 'openRound', params: idPathSchema, summary: 'What came of a patrol; the reading is logged',
    answers: [{ status: 200, says: 'With the summary, and the references of its findings.', schema: deskRoundSchema }], errors: [],
  },
  {
    ...desk, method: 'get', path: '/api/desk/patrols/overdue', id: 'listOverduePatrols', summary: 'Patrols that are not home twenty minutes after their end',
    answers: [{ status: 200, says: 'Officers see their communities.', schema: overduePatrolsSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/routes/{id}/posters', id: 'issuePosters', params: idPathSchema, body: issuePostersSchema, summary: 'Posters for the checkpoints of a route, by lead or chief; a renewed code ends the old one',
    answers: [{ status: 200, says: 'One poster a checkpoint.', schema: postersSchema }], errors: [],
  },
]
