import type { AuditPage, AuditQuery } from '#shared/staff/desk-schema'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import { dayRange } from '../communities/day-range.ts'
import { getReferenceData } from '../communities/get-reference-data.ts'
import type { Services } from '../services.ts'

/** A page of the station's log, newest first. @throws AppError forbidden for all but auditor and chief */
export async function listAuditLog(services: Services, actor: DeskActor, { from, to, ...query }: AuditQuery): Promise<AuditPage> {
  const timeZone = (await getReferenceData(services)).station?.time_zone ?? 'Asia/Shanghai'
  const { entries, next_cursor: next } = await deskQueries(services.clients, actor).listAuditLog({ ...query, ...dayRange({ from, to }, timeZone) })
  return {
    timeZone, nextCursor: next === null ? null : String(next),
    entries: entries.map(({ id, at, actor: name, actor_role, action, reference, details }) => ({ id, at, actor: name, actorRole: actor_role, action, reference, details })),
  }
}
