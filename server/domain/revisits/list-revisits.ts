import type { DeskActor } from '#server/db/desk-reports'
import { revisitDeskQueries } from '#server/db/revisits'
import { writeCursor } from '#shared/forms/list-place'
import type { RevisitListQuery } from '#shared/revisits/revisit-schema'
import type { Services } from '../services.ts'

/** The worklist: what waits for a visit or an answer, the most urgent first. @throws AppError forbidden */
export async function listRevisits(services: Services, actor: DeskActor, { waiting, cursor, limit }: RevisitListQuery) {
  const page = await revisitDeskQueries(services.clients, actor).list({ waiting, limit, ...(cursor && { cursor }) })
  return {
    now: page.now, timeZone: page.time_zone,
    revisits: page.revisits.map(row => ({
      id: row.id, step: row.step, level: row.level, openedAt: row.opened_at, dueAt: row.due_at, isOverdue: row.visited_at === null && Date.parse(page.now) > Date.parse(row.due_at),
      informedAt: row.informed_at, mayVisit: row.may_visit, mayOpen: row.may_open, visitedAt: row.visited_at, remindedAt: row.reminded_at, noReplyAt: row.no_reply_at, reference: row.reference, category: row.category, communityId: row.community_id,
      contactMode: row.contact_mode, isPortalOnly: row.is_portal_only, urgency: row.urgency, locale: row.locale, assignee: row.assignee,
    })),
    nextCursor: page.next_cursor && writeCursor(page.next_cursor),
  }
}
