import { reportClocks, type Clock } from '#shared/reports/clock'
import { deskQueries, type DeskActor, type InboxRow, type OpenedReport } from '#server/db/desk-reports'
import type { Services } from '../services.ts'
import { openText, unwrapKey } from '../trust/envelope.ts'
import { aboutReport, reportContactSchema, reportContentSchema, type ReportContact, type ReportContent } from './report-content.ts'

export interface DeskListItem extends Omit<InboxRow, 'id'> { clock: Clock[] }

export interface DeskReport {
  now: string
  canChange: boolean
  report: Omit<OpenedReport['report'], 'id'>
  clock: Clock[]
  content: ReportContent
  contact: ReportContact | null
  timeline: { at: string, kind: string, status: string | null, closedReason: string | null, role: string, actor: { zh: string, en: string } | null, text: string | null }[]
  messages: { id: string, at: string, author: 'reporter' | 'staff', name: { zh: string, en: string } | null, text: string, readAt: string | null }[]
  notes: { id: string, at: string, name: { zh: string, en: string }, text: string }[]
  attachments: { id: string, at: string, author: 'reporter' | 'staff', messageId: string | null, type: string, size: number, sha256: string, hasView: boolean, hasOriginal: boolean }[]
}

type ClockRow = Pick<InboxRow, 'status' | 'closed_reason' | 'urgency' | 'received_at' | 'first_viewed_at' | 'accepted_at' | 'closed_at'>

const clocksOf = (row: ClockRow, now: string, timeZone: string) => reportClocks({
  status: row.status, closedReason: row.closed_reason, urgency: row.urgency, receivedAt: row.received_at,
  firstViewedAt: row.first_viewed_at, acceptedAt: row.accepted_at, closedAt: row.closed_at,
}, now, timeZone)

/** A page of the inbox. Lists show no texts and are no openings (RULES B3). @param filter as `list_reports` takes it @throws AppError forbidden */
export async function listDeskReports(services: Services, actor: DeskActor, filter: Record<string, unknown>) {
  const { reports, now, time_zone: timeZone, next_cursor: nextCursor } = await deskQueries(services.clients, actor).list(filter)
  return { now, timeZone, nextCursor, reports: reports.map(({ id: _, ...row }): DeskListItem => ({ ...row, clock: clocksOf(row, now, timeZone) })) }
}

/** Opens a report for staff; the opening is logged in the same call and shown to the reporter. @throws AppError not_found */
export async function openDeskReport(services: Services, actor: DeskActor, reference: string, purpose: string): Promise<DeskReport> {
  const row = await deskQueries(services.clients, actor).open(reference, purpose)
  const { id, ...report } = row.report
  const { masterKeys } = services.keys
  const key = unwrapKey(masterKeys, row.content_key, aboutReport(id, 'content'))
  const open = (sealed: string, part: 'sentence' | 'message' | 'note') => openText(key, sealed, aboutReport(id, part))
  return {
    now: row.now, canChange: row.can_change, report, clock: clocksOf(report, row.now, report.time_zone),
    content: reportContentSchema.parse(JSON.parse(openText(key, row.content_sealed, aboutReport(id, 'content')))),
    contact: row.contact_sealed && row.contact_key
      ? reportContactSchema.parse(JSON.parse(openText(unwrapKey(masterKeys, row.contact_key, aboutReport(id, 'contact')), row.contact_sealed, aboutReport(id, 'contact'))))
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
  }
}
