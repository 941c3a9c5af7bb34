import { staffRoles, type Colleague } from '#shared/staff/desk-schema'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'
import { requireRole } from './read-desk-profile.ts'

/** The staff of my station, by badge number. @throws AppError forbidden for whoever is not staff */
export async function listColleagues(services: Services, actor: DeskActor): Promise<Colleague[]> {
  await requireRole(services, actor, staffRoles)
  const staff = await deskQueries(services.clients, actor).listStaff()
  return staff.map(({ user_id, role, name, badge_number, is_active }) => ({ userId: user_id, role, name, badgeNumber: badge_number, isActive: is_active }))
}
