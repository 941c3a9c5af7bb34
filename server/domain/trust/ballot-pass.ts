import { randomBytes } from 'node:crypto'
import { ballotQueries } from '#server/db/ballots'
import type { Services } from '../services.ts'
import type { KeyRing } from './key-ring.ts'

/** Whoever came by a link from their messenger: their phone draws with it instead of a session. @see docs/decisions/ballots.md */
export interface PassHolder { userId: string, passHash: string }

const passHash = (keys: KeyRing, pass: string) => keys.keyedHash('index', `ballot pass ${pass}`)

/**
 * A pass for the account that a chat is linked with, good for half an hour.
 * @returns undefined: no account is linked, or it may draw nothing now. `community`: whose officer it may rate
 */
export async function makeBallotPass({ keys, clients }: Pick<Services, 'keys' | 'clients'>, chat: string): Promise<{ pass: string, community: string | null, surveys: string[] } | undefined> {
  const pass = randomBytes(24).toString('base64url')
  const { is_made: isMade, community, surveys } = await ballotQueries(clients).makePass({ chat, pass: passHash(keys, pass) })
  return isMade ? { pass, community, surveys } : undefined
}

/** Whose pass it is; undefined when it is over, or the chat that it was sent to is theirs no more. */
export async function openBallotPass({ keys, clients }: Pick<Services, 'keys' | 'clients'>, pass: string): Promise<PassHolder | undefined> {
  const hash = passHash(keys, pass)
  const userId = await ballotQueries(clients).pass(hash)
  return userId ? { userId, passHash: hash } : undefined
}
