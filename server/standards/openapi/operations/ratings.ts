import { drawnSchema, drawQuerySchema, drawSchema, givenRatingSchema, giveRatingSchema, openRatingsSchema } from '#shared/ratings/rating-schema'
import { ratingResultsSchema } from '#shared/ratings/rating-results'
import { answerCommentSchema, changedCommentSchema, commentPathSchema, decideCommentSchema, deskRatingsSchema } from '#shared/ratings/moderation-schema'
import type { Operation } from '../operation.ts'

/** The monthly rating of community officers. */
export const ratingOperations: readonly Operation[] = [
  { noun: 'ratings', access: 'anyone', method: 'get', path: '/api/ratings', id: 'listOpenRatings', summary: 'The rounds that are open: whom they are about, until when, and the keys of their ballots', answers: [{ status: 200, says: 'Nothing of what was said.', schema: openRatingsSchema }], errors: [] },
  { noun: 'ratings', access: 'anyone', method: 'get', path: '/api/ratings/results', id: 'readRatingResults', summary: 'Rates of the last thirteen rounds after disclosure control, with 95 % intervals, and published comments', answers: [{ status: 200, says: 'Newest first; null is hidden.', schema: ratingResultsSchema }], errors: [] },
  { noun: 'ratings', access: 'anyone', method: 'get', path: '/api/ratings/results.csv', id: 'exportRatingResults', summary: 'The same rates, a line for each measure of the station and of each officer', answers: [{ status: 200, says: 'UTF-8 with a byte order mark; what is hidden is empty.', mediaTypes: ['text/csv'] }], errors: [] },
  {
    noun: 'ratings', access: 'account', method: 'post', path: '/api/ratings/ballots', id: 'drawBallot', body: drawSchema, query: drawQuerySchema, summary: 'Signs a blinded message (RFC 9474, RSABSSA-SHA384-PSS-Randomized), once for each verified resident and key',
    answers: [{ status: 200, says: 'The blind signature; the same message gets the same one again.', schema: drawnSchema }], errors: ['sign_in_required', 'not_found', 'round_closed', 'not_verified', 'ballot_drawn', 'ballot_invalid', 'invalid', 'too_large'],
  },
  {
    noun: 'ratings', access: 'anyone', method: 'post', path: '/api/ratings', id: 'giveRating', body: giveRatingSchema, summary: 'Counts a rating, with a ballot or openly; send no credentials with it',
    answers: [{ status: 201, says: 'As what it was counted.', schema: givenRatingSchema }], errors: ['not_found', 'round_closed', 'ballot_invalid', 'ballot_spent', 'invalid', 'invalid_input', 'rate_limited', 'too_large'],
  },
  { noun: 'ratings', access: 'desk', method: 'get', path: '/api/desk/ratings', id: 'listRatingComments', summary: 'Comments that wait to be read, never those about oneself; the reading is logged. Published ones about oneself', answers: [{ status: 200, says: 'Never a grade.', schema: deskRatingsSchema }], errors: [] },
  { noun: 'ratings', access: 'desk', method: 'post', path: '/api/desk/ratings/comments/{id}/decide', id: 'decideRatingComment', params: commentPathSchema, body: decideCommentSchema, summary: 'Publishes a comment as it is written here, or refuses it; what was sent goes either way', answers: [{ status: 200, says: 'Done.', schema: changedCommentSchema }], errors: ['invalid_input'] },
  { noun: 'ratings', access: 'desk', method: 'post', path: '/api/desk/ratings/comments/{id}/answer', id: 'answerRatingComment', params: commentPathSchema, body: answerCommentSchema, summary: 'The rated officer\'s public answer; another one replaces it', answers: [{ status: 200, says: 'Done.', schema: changedCommentSchema }], errors: ['status_order', 'invalid_input'] },
]
