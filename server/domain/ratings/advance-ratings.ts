import { ballotQueries } from '#server/db/ballots'
import { ratingQueries } from '#server/db/ratings'
import type { Services } from '../services.ts'
import { keepBallotKey } from '../trust/draw-ballot.ts'

/** Opens the rounds of the month and makes the keys of their ballots; closes what is over. */
export async function advanceRatings(services: Services) {
  const { opened, closed, wanted } = await ratingQueries(services.clients).advance()
  for (const key of wanted) await keepBallotKey(services, { occasion: 'rating', ...key })
  return { opened, closed, keys: wanted.length }
}

/** What `advanceRatings` would do now. */
export async function foreseeRatings({ clients }: Services) {
  const { opened, closed, wanted } = await ratingQueries(clients).foresee()
  return { opened, closed, keys: wanted.length }
}

/** Each night: ballots and what was said with them, in a new random order (RULES E2). */
export async function shuffleBallots({ clients }: Services) {
  const { ok: _ok, ...did } = await ballotQueries(clients).shuffle()
  return did
}

/** What `shuffleBallots` would end and forget now. */
export async function foreseeShuffle({ clients }: Services) {
  const { ok: _ok, ...would } = await ballotQueries(clients).foresee()
  return would
}
