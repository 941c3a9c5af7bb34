import { AppError } from '#shared/errors'
import type { DeskProfile, StaffRole } from '#shared/staff/desk-schema'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'

/** Who I am at the desk, and how much waits for me. @throws AppError forbidden for whoever is not staff */
export async function readDeskProfile(services: Services, actor: DeskActor): Promise<DeskProfile> {
  const queries = deskQueries(services.clients, actor)
  const [profile, { unseen, mine, unverified, revisits, chats, alerts }] = await Promise.all([queries.profile(), queries.countWork()])
  return {
    userId: profile.user_id, role: profile.role, name: profile.name, badgeNumber: profile.badge_number, station: profile.station, timeZone: profile.time_zone,
    isDemo: profile.is_demo, communities: profile.communities, counts: { unseen, mine, unverified, revisits, chats, alerts },
  }
}

/** For what row-level security would answer with an empty list. @throws AppError forbidden */
export async function requireRole(services: Services, actor: DeskActor, roles: readonly StaffRole[]): Promise<void> {
  const { role } = await deskQueries(services.clients, actor).profile()
  if (!roles.includes(role)) throw new AppError('forbidden')
}
