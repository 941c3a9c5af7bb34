import type { BanItem } from '#shared/staff/desk-schema'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'
import { requireRole } from '../staff/read-desk-profile.ts'

/** Senders whose reports are accepted and hidden (RULES G2), newest first. @throws AppError forbidden for all but lead and chief */
export async function listBans(services: Services, actor: DeskActor): Promise<BanItem[]> {
  await requireRole(services, actor, ['lead', 'chief'])
  const queries = deskQueries(services.clients, actor)
  const [bans, staff] = await Promise.all([queries.listBans(), queries.listStaff()])
  return bans.map(ban => ({
    id: ban.id, kind: ban.kind, reason: ban.reason, createdBy: staff.find(({ user_id }) => user_id === ban.created_by)?.name ?? null, createdAt: ban.created_at, liftedAt: ban.lifted_at,
  }))
}

/** Ends a ban; reports hidden by it stay hidden until they are released. @throws AppError forbidden, not_found */
export async function liftBan(services: Services, actor: DeskActor, id: string): Promise<void> {
  await deskQueries(services.clients, actor).liftBan(id)
}
