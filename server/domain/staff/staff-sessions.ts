import type { StaffSessions } from '#shared/staff/second-factor'
import { resetFactorOf, secondFactorQueries } from '#server/db/second-factor'
import type { DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'

/** The caller's own sessions; for chief and admin the station's, with whose second factor could be reset. @throws AppError forbidden */
export async function listStaffSessions({ clients }: Services, actor: DeskActor): Promise<StaffSessions> {
  const { now, sessions, people, resets } = await secondFactorQueries(clients, actor).sessions()
  return {
    now,
    sessions: sessions.map(({ user_id, is_this, is_own, started_at, seen_at, ...rest }) => ({ ...rest, userId: user_id, isThis: is_this, isOwn: is_own, startedAt: started_at, seenAt: seen_at })),
    people: people.map(({ user_id, has_factor, may_reset, ...rest }) => ({ ...rest, userId: user_id, hasFactor: has_factor, mayReset: may_reset })),
    resets: resets.map(({ user_id, asked_by, asked_at, may_decide, ...rest }) => ({ ...rest, userId: user_id, askedBy: asked_by, askedAt: asked_at, mayDecide: may_decide })),
  }
}

/** Ends one session or all of one person; a colleague's is logged. @throws AppError not_found, forbidden */
export async function endStaffSessions({ clients }: Services, actor: DeskActor, which: { session: string } | { person: string }): Promise<void> {
  await secondFactorQueries(clients, actor).endSessions(which)
}

/** Phone and codes are lost: an admin or chief proposes that a colleague begins anew. @throws AppError second_person_required (oneself), not_found, conflict (proposed already), forbidden */
export async function proposeFactorReset({ clients }: Services, actor: DeskActor, person: string): Promise<void> {
  await secondFactorQueries(clients, actor).proposeReset(person)
}

/** Another one decides, at least one of the two a chief. @throws AppError second_person_required, not_found, forbidden */
export async function decideFactorReset({ clients }: Services, actor: DeskActor, id: string, confirms: boolean): Promise<void> {
  await secondFactorQueries(clients, actor).decideReset(id, confirms)
}

/** The only chief lost both: whoever runs the machine resets. Logged as the system's act, and the owner gets a mail. @throws AppError not_found */
export async function resetSecondFactor({ clients }: Services, email: string): Promise<void> {
  await resetFactorOf(clients, email)
}
