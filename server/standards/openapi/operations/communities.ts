import { dataPathSchema, openDataSchema } from '#shared/communities/open-data'
import { decideNoticeSchema, noticePathSchema, noticeSchema, noticesQuerySchema, noticesSchema, saveNoticeSchema } from '#shared/communities/case-notice'
import { communityPathSchema, publicNoticesSchema } from '#shared/communities/community-pages'
import { figuresSchema } from '#shared/communities/figures'
import { exportQuerySchema, workloadSchema } from '#shared/staff/workload'
import type { Operation } from '../operation.ts'

const communities = { noun: 'communities', access: 'anyone', method: 'get' } as const
const notices = { noun: 'communities', access: 'desk' } as const

export const communityOperations: readonly Operation[] = [
  {
    ...communities, path: '/api/communities/figures', id: 'getFigures', summary: 'Visits on time and satisfaction by month and community, promises kept by week. Rounded to five; null where too few or computable',
    answers: [{ status: 200, says: 'Newest first, thirteen of each.', schema: figuresSchema }], errors: [],
  },
  {
    ...communities, path: '/api/communities/{slug}/notices', id: 'listPublicNotices', params: communityPathSchema, summary: 'Solved cases of a community, without anybody in them',
    answers: [{ status: 200, says: 'Newest first.', schema: publicNoticesSchema }], errors: [],
  },
  {
    ...notices, method: 'get', path: '/api/desk/communities/notices', id: 'listNotices', query: noticesQuerySchema, summary: 'Solved-case notices of cases that I see, drafts among them',
    answers: [{ status: 200, says: 'Newest first.', schema: noticesSchema }], errors: [],
  },
  {
    ...notices, method: 'post', path: '/api/desk/communities/notices', id: 'saveNotice', body: saveNoticeSchema, summary: 'Writes or changes the notice of a solved case; a change takes it off the page until it is published again',
    answers: [{ status: 200, says: 'The notice.', schema: noticeSchema }], errors: ['not_found', 'status_order', 'personal_data_found'],
  },
  {
    ...notices, method: 'post', path: '/api/desk/communities/notices/{id}', id: 'decideNotice', params: noticePathSchema, body: decideNoticeSchema, summary: 'Publishes (another lead or chief, after the reporter heard) or withdraws a notice',
    answers: [{ status: 200, says: 'The notice.', schema: noticeSchema }], errors: ['conflict', 'second_person_required', 'reporter_not_told'],
  },
  {
    noun: 'staff', access: 'desk', method: 'get', path: '/api/desk/workload', id: 'countWorkload', summary: 'What waits for me and in my communities, in numbers',
    answers: [{ status: 200, says: 'Counts of lists that I can open.', schema: workloadSchema }], errors: [],
  },
  {
    noun: 'reports', access: 'desk', method: 'get', path: '/api/desk/reports.csv', id: 'exportCases', query: exportQuerySchema, summary: 'My cases for a spreadsheet: codes and times, no texts, no persons; logged',
    answers: [{ status: 200, says: 'UTF-8 with a byte order mark.', mediaTypes: ['text/csv'] }], errors: ['cross_origin'],
  },
  {
    noun: 'communities', access: 'anyone', method: 'get', path: '/api/communities/data/{file}', id: 'readOpenData', params: dataPathSchema, summary: 'Everything that was published, as a table: conduct, ratings, activity, surveys, releases; .csv or .json',
    answers: [{ status: 200, says: 'With an ETag. A line for each figure; empty is hidden.', schema: openDataSchema, mediaTypes: ['text/csv', 'application/json'] }], errors: ['not_found'],
  },
]
