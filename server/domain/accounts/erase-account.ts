import { deleteAuthUser, erasureQueries, unfinishedErasures } from '#server/db/erasure'
import { ownerHash } from '../reports/receipt.ts'
import type { Services } from '../services.ts'
import type { Actor } from './actor.ts'

const queriesOf = ({ clients, keys }: Services, actor: Actor) => erasureQueries(clients, { userId: actor.userId, sessionId: actor.sessionId, ownerHash: ownerHash(keys, actor.userId) })

/** What an erasure would take and what it would leave. @throws AppError session_ended */
export async function planErasure(services: Services, actor: Actor): Promise<{ isStaff: boolean, isFresh: boolean, closed: number, open: string[] }> {
  const { is_staff: isStaff, is_fresh: isFresh, closed, open } = await queriesOf(services, actor).plan()
  return { isStaff, isFresh, closed, open }
}

/**
 * Erases the account. Open cases keep their contact until they close; texts stay for their retention. If the server dies in between,
 * repeating it or the job `finishErasures` ends it.
 * @throws AppError sign_in_again, forbidden (staff), unavailable
 */
export async function eraseAccount(services: Services, actor: Actor): Promise<{ detached: number, kept: number }> {
  const { detached, kept } = await queriesOf(services, actor).erase()
  await deleteAuthUser(services.clients, actor.userId)
  return { detached, kept: kept.length }
}

/** Ends erasures that a crash left before their last step. For the registry of jobs. */
export async function finishErasures({ clients }: Services): Promise<Record<string, number>> {
  const { accounts } = await unfinishedErasures(clients)
  for (const id of accounts) await deleteAuthUser(clients, id)
  return { accounts: accounts.length }
}

/** How many erasures `finishErasures` would end now. */
export async function foreseeErasures({ clients }: Services): Promise<Record<string, number>> {
  const { accounts } = await unfinishedErasures(clients)
  return { accounts: accounts.length }
}
