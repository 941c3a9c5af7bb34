import { createHash } from 'node:crypto'
import { AppError } from '#shared/errors'
import type { Ballot } from '#shared/trust/blind-ballot'
import { ballotQueries, type NewBallotKey } from '#server/db/ballots'
import type { DeskActor } from '#server/db/desk-reports'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'
import { isSignedBallot, makeBallotKey, nullifierOf, signBlinded } from './blind-signature.ts'
import type { PassHolder } from './ballot-pass.ts'
import { openText, sealText } from './envelope.ts'

/** Who draws: somebody with a session, or with a pass. */
export type Drawer = DeskActor | PassHolder
/** Whoever opens a page on which one draws. `pass`: as the address carries it, while it is good. */
export interface Visitor { drawer: Drawer | undefined, actor?: Actor | undefined, pass: string | null, isPassOver: boolean }

const named = (drawer: Drawer) => 'passHash' in drawer ? { pass: drawer.passHash } : { actor: drawer.userId, session: drawer.sessionId }
const about = ({ occasionId, community }: { occasionId: string, community: string }) => `ballot-key:${occasionId}:${community}`

/** Makes the key pair of an occasion and community; of two that were made at once the first one stays. */
export async function keepBallotKey({ keys, clients }: Pick<Services, 'keys' | 'clients'>, key: Omit<NewBallotKey, 'spki' | 'private_sealed'>) {
  const { spki, pkcs8 } = await makeBallotKey()
  const { key: secret, id } = keys.secret('outbox')
  return ballotQueries(clients).keepKey({ ...key, spki, private_sealed: sealText(secret, pkcs8, about({ occasionId: key.occasion_id, community: key.community }), id) })
}

/**
 * Signs a ballot that nobody here has seen, once for each person and key; the same blinded message gets the same signature again, so that an answer that was lost costs nobody their voice.
 * @param blinded base64url
 * @throws AppError sign_in_required, not_found, round_closed, not_verified, ballot_drawn, ballot_invalid
 */
export async function drawBallot({ keys, clients }: Services, drawer: Drawer, key: string, blinded: string): Promise<{ blindSignature: string }> {
  const queries = ballotQueries(clients)
  const { occasion_id: occasionId, community, sisters } = await queries.key(key)
  const elsewhere = sisters.map(sister => ({ key: sister, person: personOf(keys, sister, drawer.userId) }))
  const draw = { ...named(drawer), elsewhere, key, person: personOf(keys, key, drawer.userId), blinded_hash: createHash('sha256').update(blinded).digest('hex') }
  const begun = await queries.begin(draw)
  if (begun.blind_signature) return { blindSignature: begun.blind_signature }
  const signature = signBlinded(openText(keys.secret('outbox').key, begun.private_sealed ?? '', about({ occasionId, community })), blinded)
  return { blindSignature: (await queries.keep({ ...draw, blind_signature: signature })).blind_signature }
}

/** Whether somebody may draw a ballot of a key (null), or why not; and whether they have. */
export async function ballotStanding({ keys, clients }: Services, drawer: Drawer, key: string): Promise<{ gap: string | null, isDrawn: boolean }> {
  const { gap, is_drawn: isDrawn } = await ballotQueries(clients).standing({ ...named(drawer), key, person: personOf(keys, key, drawer.userId) })
  return { gap, isDrawn }
}

/** The ballots of which it is still kept that somebody drew them: for the copy of their account. What was said with them nobody knows. */
export async function listDrawnBallots(services: Services, actor: DeskActor): Promise<{ occasion: string, startsOn: string, community: string }[]> {
  const { keys } = await ballotQueries(services.clients).keys()
  const drawn = await Promise.all(keys.map(async key => ({ key, isDrawn: (await ballotStanding(services, actor, key.id)).isDrawn })))
  return drawn.flatMap(({ key: { occasion, starts_on: startsOn, community }, isDrawn }) => isDrawn ? [{ occasion, startsOn, community }] : [])
}

/** Leads to nobody without the portal's own key, and to another hash for each key. */
const personOf = (keys: Services['keys'], key: string, userId: string) => keys.keyedHash('index', `ballot ${key} ${userId}`)

/** What a ballot is spent by, once its signature was found to be right. @throws AppError not_found, round_closed, ballot_invalid */
export async function checkBallot({ clients }: Pick<Services, 'clients'>, key: string, ballot: Ballot) {
  const { spki, is_open: isOpen, ...about } = await ballotQueries(clients).key(key)
  if (!isOpen) throw new AppError('round_closed')
  if (!isSignedBallot(spki, ballot)) throw new AppError('ballot_invalid')
  return { ...about, nullifier: nullifierOf(ballot.message) }
}
