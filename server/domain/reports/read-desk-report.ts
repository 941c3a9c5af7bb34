import type { DeskReport, InboxItem, InboxPage, InboxQuery } from '#shared/reports/desk-schema'
import { shownHeadline } from '#shared/alerts/headline'
import { writeCursor } from '#shared/forms/list-place'
import { reportClocks, type Clock } from '#shared/reports/clock'
import { parseReference } from '#shared/reports/receipt'
import { visitRecordSchema } from '#shared/revisits/revisit-schema'
import { deskQueries, type DeskActor, type InboxRow, type OpenedReport } from '#server/db/desk-reports'
import type { Services } from '../services.ts'
import { alertOfTip } from '../alerts/tip-about.ts'
import { getReferenceData } from '../communities/get-reference-data.ts'
import { dayRange } from '../communities/day-range.ts'
import { openText, unwrapKey } from '../trust/envelope.ts'
import { aboutReport, reportContactSchema, reportContentSchema } from './report-content.ts'

/** A page of the inbox, newest first. Lists show no texts and are no openings (RULES B3). @throws AppError forbidden */
export async function listDeskReports(services: Services, actor: DeskActor, { q, from, to, ...query }: InboxQuery): Promise<InboxPage> {
  const { station } = await getReferenceData(services)
  const page = await deskQueries(services.clients, actor).list({
    ...query, ...dayRange({ from, to }, station?.time_zone ?? 'Asia/Shanghai'),
    // "ll 7k3q 9xpa" is a reference; anything else may be words of a summary.
    ...(q && { q: /^ll[\s-]?[0-9a-z]{4}/i.test(q) ? parseReference(q) ?? q : q }),
  })
  return {
    now: page.now, timeZone: page.time_zone, nextCursor: page.next_cursor && writeCursor(page.next_cursor),
    reports: page.reports.map(row => ({ ...itemOf(row), assignee: row.assignee, clock: clocksOf(row, page.now, page.time_zone) })),
  }
}

/** Opens a report for staff; the opening is logged in the same call and shown to the reporter. @throws AppError not_found */
export async function openDeskReport(services: Services, actor: DeskActor, reference: string, purpose = 'handling'): Promise<DeskReport> {
  const row = await deskQueries(services.clients, actor).open(reference, purpose)
  const { report } = row
  const { masterKeys } = services.keys
  const key = unwrapKey(masterKeys, row.content_key, aboutReport(report.id, 'content'))
  const content = reportContentSchema.parse(JSON.parse(openText(key, row.content_sealed, aboutReport(report.id, 'content'))))
  const alert = await alertOfTip(services, content.alert)
  const open = (sealed: string, part: 'sentence' | 'message' | 'note' | 'revisit') => openText(key, sealed, aboutReport(report.id, part))
  return {
    now: row.now, timeZone: report.time_zone, canChange: row.can_change, clock: clocksOf(report, row.now, report.time_zone),
    report: {
      ...itemOf(report), version: report.version, occurredAt: report.occurred_at, hasAccount: report.has_account, visibility: report.visibility,
      mergedInto: report.merged_into, merged: report.merged, followers: report.followers,
      taken: report.taken && { way: report.taken.intake, at: report.taken.at, name: report.taken.name, badgeNumber: report.taken.badge_number },
    },
    content,
    about: alert ? { identifier: alert.identifier, headline: { zh: shownHeadline(alert, 'zh'), en: shownHeadline(alert, 'en') } } : null,
    contact: row.contact_sealed && row.contact_key
      ? reportContactSchema.parse(JSON.parse(openText(unwrapKey(masterKeys, row.contact_key, aboutReport(report.id, 'contact')), row.contact_sealed, aboutReport(report.id, 'contact'))))
      : null,
    timeline: row.events.map(event => ({
      at: event.at, kind: event.kind, status: event.status, closedReason: event.closed_reason, role: event.actor_role, actor: event.actor,
      text: event.public_sealed ? open(event.public_sealed, 'sentence') : null,
    })),
    messages: row.messages.map(message => ({ id: message.id, at: message.at, author: message.author, name: message.name, text: open(message.text_sealed, 'message'), readAt: message.read_at })),
    notes: row.notes.map(note => ({ id: note.id, at: note.at, name: note.name, text: open(note.text_sealed, 'note') })),
    attachments: row.attachments.map(file => ({
      id: file.id, at: file.at, author: file.author, messageId: file.message_id, type: file.media_type, size: file.size_bytes, sha256: file.sha256, hasView: file.has_view, hasOriginal: file.has_original,
    })),
    revisits: row.revisits.map(step => ({
      id: step.id, round: step.round, step: step.step, level: step.level, openedAt: step.opened_at, dueAt: step.due_at, mayVisit: step.may_visit, visitedAt: step.visited_at, visitor: step.visitor,
      method: step.method, topics: step.topics, record: step.record_sealed ? visitRecordSchema.parse(JSON.parse(open(step.record_sealed, 'revisit'))) : null, informedAt: step.informed_at,
      remindedAt: step.reminded_at, noReplyAt: step.no_reply_at, answer: step.answer, answeredAt: step.answered_at, answeredBy: step.answered_by, recordedAnswer: step.recorded_answer,
      comment: step.comment_sealed ? open(step.comment_sealed, 'revisit') : null, askedAgainAt: step.asked_again_at, stoppedAt: step.stopped_at,
    })),
    suggestions: row.suggestions.map(given => ({
      id: given.id, at: given.at, text: open(given.text_sealed, 'revisit'), owner: given.owner, dueOn: given.due_on, outcome: given.outcome_sealed ? open(given.outcome_sealed, 'revisit') : null,
      doneAt: given.done_at, doneBy: given.done_by, maySettle: given.may_settle,
    })),
  }
}

type ReportRow = Omit<OpenedReport['report'], 'version' | 'occurred_at' | 'has_account' | 'visibility' | 'time_zone' | 'merged_into' | 'merged' | 'followers' | 'taken'>

const itemOf = (row: ReportRow): Omit<InboxItem, 'assignee' | 'clock'> => ({
  reference: row.reference, category: row.category, communityId: row.community_id, gridId: row.grid_id, status: row.status, closedReason: row.closed_reason,
  urgency: row.urgency, receivedAt: row.received_at, updatedAt: row.updated_at, firstViewedAt: row.first_viewed_at, acceptedAt: row.accepted_at, closedAt: row.closed_at,
  contactMode: row.contact_mode, locale: row.locale, isUnverified: row.is_unverified, isHidden: row.is_hidden, emergencyKind: row.emergency_kind,
  assignedTo: row.assigned_to, summary: row.summary, channel: row.channel,
})

type ClockRow = Pick<InboxRow, 'status' | 'closed_reason' | 'urgency' | 'received_at' | 'first_viewed_at' | 'accepted_at' | 'closed_at'>

const clocksOf = (row: ClockRow, now: string, timeZone: string): Clock[] => reportClocks({
  status: row.status, closedReason: row.closed_reason, urgency: row.urgency, receivedAt: row.received_at,
  firstViewedAt: row.first_viewed_at, acceptedAt: row.accepted_at, closedAt: row.closed_at,
}, now, timeZone)
