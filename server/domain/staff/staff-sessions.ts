import type { StaffSessions } from '#shared/staff/second-factor'
import { resetFactorOf, secondFactorQueries } from '#server/db/second-factor'
import type { DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'

/** The caller's own sessions; for chief and admin the station's. @throws AppError forbidden */
export async function listStaffSessions({ clients }: Services, actor: DeskActor): Promise<StaffSessions> {
  const { now, sessions } = await secondFactorQueries(clients, actor).sessions()
  return {
    now,
    sessions: sessions.map(({ user_id, is_this, is_own, started_at, seen_at, ...rest }) => ({ ...rest, userId: user_id, isThis: is_this, isOwn: is_own, startedAt: started_at, seenAt: seen_at })),
  }
}

/** Ends one session or all of one person; a colleague's is logged. @throws AppError not_found, forbidden */
export async function endStaffSessions({ clients }: Services, actor: DeskActor, which: { session: string } | { person: string }): Promise<void> {
  await secondFactorQueries(clients, actor).endSessions(which)
}

/** The only chief lost both: whoever runs the machine resets. Logged as the system's act, and the owner gets a mail. @throws AppError not_found */
export async function resetSecondFactor({ clients }: Services, email: string): Promise<void> {
  await resetFactorOf(clients, email)
}
