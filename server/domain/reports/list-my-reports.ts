import { reportClocks } from '#shared/reports/clock'
import { reporterQueries } from '#server/db/reports'
import type { Actor } from '../accounts/actor.ts'
import type { Services } from '../services.ts'
import { ownerHash } from './receipt.ts'

/** The signed-in resident's named and sealed reports, newest first, 100 at most, and the instant of the answer. Anonymous ones are never among them (RULES B1). */
export async function listMyReports(services: Services, actor: Actor) {
  const { reports, now } = await reporterQueries(services.clients).listMine(actor.userId, actor.sessionId, ownerHash(services.keys, actor.userId))
  return { now, reports: reports.map(report => ({
    reference: report.reference, category: report.category, status: report.status, closedReason: report.closed_reason, receivedAt: report.received_at, updatedAt: report.updated_at,
    contactMode: report.contact_mode, unread: report.unread, awaitsAnswer: report.awaits_answer, timeZone: report.time_zone,
    clock: reportClocks({
      status: report.status, closedReason: report.closed_reason, urgency: report.urgency, receivedAt: report.received_at,
      firstViewedAt: report.first_viewed_at, acceptedAt: report.accepted_at, closedAt: report.closed_at,
    }, now, report.time_zone),
  })) }
}
