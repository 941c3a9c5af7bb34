import { AppError } from '#shared/errors'
import { blindBallot, unblindBallot } from '#shared/trust/blind-ballot'
import type { GiveRating, OpenRatings, RatingAnswers } from '#shared/ratings/rating-schema'
import { ratingQueries } from '#server/db/ratings'
import type { Limit } from '#server/db/reports'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { checkBallot, drawBallot, type Drawer } from '../trust/draw-ballot.ts'
import { sealText } from '../trust/envelope.ts'

/** Where an answer came from: limits by address, and the network as a keyed hash of this occasion, which is forgotten with it. */
export interface Sender { limits: Limit[], networkFor: (occasion: string) => string, isStaff?: boolean }

/** The rounds that are open, and whom they are about. */
export async function listOpenRatings(services: Services): Promise<OpenRatings> {
  const [{ now, rounds }, { communities }] = await Promise.all([ratingQueries(services.clients).open(), getReferenceData(services)])
  const officers = communities.flatMap(community => community.officers)
  return {
    now, rounds: rounds.map(({ month, closes_at: closesAt, subjects }) => ({
      month, closesAt, subjects: subjects.map(({ officer, ...subject }) => {
        const found = officers.find(({ id }) => id === officer)
        return { ...subject, officer: found ? { name: found.name, badgeNumber: found.badge_number } : null }
      }),
    })),
  }
}

/**
 * Counts a rating. With a ballot nobody knows whose it is; without one it is open and shown apart.
 * @throws AppError not_found, round_closed, ballot_invalid, ballot_spent, rate_limited, invalid_input
 */
export async function giveRating(services: Services, { ballot, subject, answers }: GiveRating, sender: Sender): Promise<{ counted: 'ballot' | 'open' }> {
  const queries = ratingQueries(services.clients)
  if (ballot) {
    const { key, ...signed } = ballot
    const { occasion, occasion_id: about, nullifier } = await checkBallot(services, key, signed)
    if (occasion !== 'rating') throw new AppError('ballot_invalid')
    await queries.spend({ key, nullifier, ...rowOf(services, about, answers), network: sender.networkFor(about) })
    return { counted: 'ballot' }
  }
  const about = subject ?? ''
  await queries.give({ subject: about, limits: sender.limits, ...rowOf(services, about, answers), network: sender.networkFor(about), ...(sender.isStaff && { is_staff: true }) })
  return { counted: 'open' }
}

/**
 * Without script: draws and spends in one go for whoever is signed in or came by a pass. The server could see who says what; it keeps the same as otherwise (RULES E2), and the page says so.
 * @throws AppError as drawBallot and giveRating
 */
export async function rateInOneGo(services: Services, drawer: Drawer, key: { id: string, spki: string }, answers: RatingAnswers, sender: Sender) {
  const blinded = await blindBallot(key.spki)
  const { blindSignature } = await drawBallot(services, drawer, key.id, blinded.blinded)
  return giveRating(services, { ballot: { key: key.id, ...await unblindBallot(key.spki, blinded, blindSignature) }, answers }, sender)
}

/** What a sealed comment is bound to: it opens beside no other officer or round. */
export const aboutComment = (subject: string) => `rating-comment:${subject}`

function rowOf({ keys }: Services, subject: string, { comment, ...grades }: RatingAnswers) {
  const { key, id } = keys.secret('outbox')
  return { ...grades, ...(comment && { comment_sealed: sealText(key, comment, aboutComment(subject), id) }) }
}
