import type { Account } from '#shared/accounts/account-page'
import { AppError } from '#shared/errors'
import { accountQueries } from '#server/db/accounts'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'
import { listSessions } from './sessions.ts'
import type { Visit } from './visit.ts'

/** Somebody who has just signed in. */
export interface Arrival { actor: Actor, account: Account }

/**
 * After the sign-in: ends the session that the browser had before, so that none lies about, notes the device, so that the list of sessions can
 * name it, and says who came.
 * @throws AppError session_ended, unavailable
 */
export async function arrive(services: Services, visit: Visit, earlierToken: string | undefined): Promise<Arrival> {
  if (earlierToken) await visit.endSession(earlierToken)
  const actor = await visit.readActor()
  if (!actor) throw new AppError('session_ended')
  const [account] = await Promise.all([accountQueries(services.clients, actor).read(), listSessions(services, actor, visit.userAgent)])
  return { actor, account }
}
