import type { RatingPage } from '#shared/ratings/rating-pages'
import { AppError } from '#shared/errors'
import { readAccount } from '../accounts/read-account.ts'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'
import { ballotStanding, type Visitor } from '../trust/draw-ballot.ts'
import { listOpenRatings } from './give-rating.ts'

/** The page on which somebody rates the officer of a community. @throws AppError not_found: no such community */
export async function showRating(services: Services, { drawer, actor, pass, isPassOver }: Visitor, slug: string | undefined, did: RatingPage['did']): Promise<RatingPage> {
  const [{ station, communities }, { now, rounds }] = await Promise.all([getReferenceData(services), listOpenRatings(services)])
  const community = communities.find(candidate => candidate.slug === slug)
  if (slug && !community) throw new AppError('not_found')
  const round = rounds.find(({ subjects }) => subjects.some(subject => subject.community === slug))
  const subject = round?.subjects.find(candidate => candidate.community === slug)
  const { gap, isDrawn } = drawer && subject?.key ? await ballotStanding(services, drawer, subject.key.id) : { gap: null, isDrawn: false }
  const standing = drawer && subject?.key && gap === null ? 'ballot' : 'open'
  // A session that ended is a guest's.
  const isKnown = drawer !== undefined && gap !== 'sign_in_required'
  const isStaff = isKnown && actor !== undefined && subject !== undefined && standing === 'open' && (await readAccount(services, actor)).staff_role !== null
  return {
    communities: communities.map(({ slug: code, name }) => ({ slug: code, name })), community: community ? { slug: community.slug, name: community.name, office: community.office, grids: community.grids.map(({ name }) => name) } : null,
    subject: round && subject ? { id: subject.id, officer: subject.officer, key: subject.key, month: round.month, closesAt: round.closesAt } : null,
    standing, gap: standing === 'ballot' ? null : isStaff ? 'staff' : isKnown ? 'not_verified' : isPassOver ? 'link_over' : 'guest', isDrawn, pass: standing === 'ballot' ? pass : null, timeZone: station?.time_zone ?? 'Asia/Shanghai', now, did,
  }
}

/** The open round about the officer of a community, for the notice on the account's own page; it is asked of everybody alike and does not look who drew. */
export async function openRatingFor(services: Services, community: string | null): Promise<{ community: string, until: string } | null> {
  if (community === null) return null
  const { rounds } = await listOpenRatings(services)
  const round = rounds.find(({ subjects }) => subjects.some(subject => subject.community === community))
  return round ? { community, until: round.closesAt } : null
}
