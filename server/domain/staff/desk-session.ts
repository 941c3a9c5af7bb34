import type { DeskSession } from '#shared/staff/second-factor'
import { AppError } from '#shared/errors'
import { secondFactorQueries, type SessionFacts } from '#server/db/second-factor'
import type { DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'

/** As `may_change_factor` in the database. */
const provedMs = 5 * 60_000

/** What the desk is told of the facts that the database answers. */
export function toDeskSession({ state, now, is_exempt, has_factor, codes_left, proved_at, locks_at, ends_at }: SessionFacts): DeskSession {
  return { state, isExempt: is_exempt, hasFactor: has_factor, codesLeft: codes_left, now, locksAt: locks_at, endsAt: ends_at, isProved: state === 'enrol' || (proved_at !== null && Date.parse(now) - Date.parse(proved_at) < provedMs) }
}

/**
 * How far the caller's session is; keeps it from locking when a person did something.
 * @throws AppError session_ended (12 hours are over), forbidden (not staff)
 */
export async function readDeskSession({ clients }: Services, actor: DeskActor, isActive: boolean): Promise<DeskSession> {
  return toDeskSession(await secondFactorQueries(clients, actor).touch(isActive))
}

/** Locks the caller's session until the next code. */
export async function lockDeskSession({ clients }: Services, actor: DeskActor): Promise<void> {
  await secondFactorQueries(clients, actor).lock()
}

/**
 * Refuses a call of the desk in a session that is not open. Whoever is not staff goes on: the database refuses them in its own way.
 * @throws AppError second_factor_required, session_locked, session_ended
 */
export async function requireOpenSession(services: Services, actor: DeskActor, isActive: boolean): Promise<void> {
  const session = await readDeskSession(services, actor, isActive).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code === 'forbidden') return undefined
    throw thrown
  })
  if (session?.state === 'locked') throw new AppError('session_locked')
  if (session && session.state !== 'open') throw new AppError('second_factor_required')
}
