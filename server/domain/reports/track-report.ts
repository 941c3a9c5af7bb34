import { reportClocks, type Clock } from '#shared/reports/clock'
import type { Taken } from '#shared/reports/intake-schema'
import { promisedSteps } from '#shared/reports/promised-steps'
import type { ContactMode } from '#shared/reports/report-schema'
import type { ClosedReason, Status } from '#shared/reports/status'
import { followLadder, type TrackedRevisit } from '#shared/revisits/tracked-revisit'
import type { Localised } from '#shared/communities/reference-data'
import { reporterQueries, type Access, type Limit, type TrackedRevisitRow, type TrackingRow } from '#server/db/reports'
import type { Services } from '../services.ts'
import { openText, unwrapKey } from '../trust/envelope.ts'
import { signStatement, type Statement } from '../trust/statement.ts'
import { aboutReport, reportContentSchema, type ReportContent } from './report-content.ts'

export interface TrackedReport {
  reference: string
  viewer: 'reporter' | 'follower'
  status: Status
  closedReason: ClosedReason | null
  category: string
  urgency: 'normal' | 'urgent'
  contactMode: ContactMode
  community: Localised | null
  grid: Localised | null
  timeZone: string
  receivedAt: string
  updatedAt: string
  /** The moved clock of a demo station shows here too (RULES D5). */
  now: string
  mergedInto: string | null
  /** Staff took it in for the reporter. */
  taken: Taken | null
  content: ReportContent | null
  timeline: { at: string, kind: string, status: Status | null, closedReason: ClosedReason | null, by: 'reporter' | 'staff', text: string | null }[]
  messages: { id: string, at: string, author: 'reporter' | 'staff', text: string, attachments: TrackedAttachment[] }[]
  attachments: TrackedAttachment[]
  clock: Clock[]
  /** By when somebody comes back if the report is taken on. */
  revisitBy: string | null
  /** Nobody calls or visits: coming back means a letter on the tracking page (RULES D3). */
  isByLetter: boolean
  /** Without the automatic check it is read after the others (RULES G2). */
  waitsApart: boolean
  /** Who opened it: role, time and purpose; for a reveal also its reason and the role of the second person. */
  access: { at: string, role: string, action: string, purpose: string | null, reason: string | null, approvedBy: string | null }[]
  revisits: TrackedRevisit[]
  statement: Statement | null
}

export interface TrackedAttachment { id: string, at: string, author: 'reporter' | 'staff', type: string, size: number, sha256: string, hasView: boolean }

/**
 * Everything the reporter may know about their case, in one call to the database. A follower of a public report gets its states only.
 * @param guessLimits used up by wrong receipts only
 * @throws AppError not_found (wrong receipt and unknown reference alike), rate_limited, unavailable
 */
export async function trackReport(services: Services, reference: string, access: Access, guessLimits: Limit[]): Promise<TrackedReport> {
  return readTracking(services, await reporterQueries(services.clients).track(reference, access, guessLimits))
}

/** Opens the texts of a report as its reporter sees them. */
export function readTracking(services: Services, row: TrackingRow): TrackedReport {
  const { report } = row
  const key = row.content_key ? unwrapKey(services.keys.masterKeys, row.content_key, aboutReport(report.id, 'content')) : undefined
  const open = (sealed: string | null, part: 'sentence' | 'message' | 'revisit') => key && sealed ? openText(key, sealed, aboutReport(report.id, part)) : null
  const attachments = row.attachments.map(file => ({
    id: file.id, at: file.at, author: file.author, type: file.media_type, size: file.size_bytes, sha256: file.sha256, hasView: file.has_view, messageId: file.message_id,
  }))
  const calendar = { timeZone: report.time_zone, ...row.calendar }
  const clock = reportClocks({
    status: report.status, closedReason: report.closed_reason, urgency: report.urgency, receivedAt: report.received_at,
    firstViewedAt: report.first_viewed_at, acceptedAt: report.accepted_at, closedAt: report.closed_at,
  }, row.now, report.time_zone)
  const plain = ({ messageId: _, ...file }: typeof attachments[number]): TrackedAttachment => file
  return {
    reference: report.reference, viewer: row.viewer, status: report.status, closedReason: report.closed_reason, category: report.category, urgency: report.urgency,
    contactMode: report.contact_mode, community: report.community, grid: report.grid, timeZone: report.time_zone, receivedAt: report.received_at,
    updatedAt: report.updated_at, now: row.now, mergedInto: report.merged_into,
    taken: report.taken && { way: report.taken.intake, at: report.taken.at, name: report.taken.name, badgeNumber: report.taken.badge_number },
    content: key && row.content_sealed ? reportContentSchema.parse(JSON.parse(openText(key, row.content_sealed, aboutReport(report.id, 'content')))) : null,
    timeline: row.events.map(event => ({ at: event.at, kind: event.kind, status: event.status, closedReason: event.closed_reason, by: event.by, text: open(event.public_sealed, 'sentence') })),
    messages: row.messages.map(message => ({
      id: message.id, at: message.at, author: message.author, text: open(message.text_sealed, 'message') ?? '',
      attachments: attachments.filter(file => file.messageId === message.id).map(plain),
    })),
    attachments: attachments.map(plain),
    clock, revisitBy: row.viewer === 'reporter' ? promisedSteps(clock, calendar).find(({ kind }) => kind === 'revisit')?.dueAt ?? null : null,
    isByLetter: report.is_by_letter, waitsApart: report.waits_apart,
    access: row.access.map(({ approved_by: approvedBy, ...opening }) => ({ ...opening, approvedBy })),
    revisits: followLadder(row.revisits.map(revisit => keptStep(revisit, sealed => open(sealed, 'revisit'))), row.now, calendar),
    statement: row.viewer === 'reporter' && report.content_hash
      ? signStatement(services.keys, {
          reference: report.reference, receivedAt: report.received_at, contentHash: report.content_hash,
          attachments: row.attachments.filter(file => file.author === 'reporter').map(file => file.sha256),
        })
      : null,
  }
}

function keptStep(row: TrackedRevisitRow, open: (sealed: string | null) => string | null) {
  return {
    id: row.id, round: row.round, step: row.step, openedAt: row.opened_at, visitedAt: row.visited_at, method: row.method, topics: row.topics ?? {}, remindedAt: row.reminded_at, noReplyAt: row.no_reply_at,
    answer: row.answer, answeredAt: row.answered_at, answeredBy: row.answered_by, recordedAnswer: row.recorded_answer, comment: open(row.comment_sealed), stoppedAt: row.stopped_at,
    suggestions: row.suggestions.map(suggestion => ({
      id: suggestion.id, at: suggestion.at, text: open(suggestion.text_sealed) ?? '', level: suggestion.owner_role, dueOn: suggestion.due_on, outcome: open(suggestion.outcome_sealed), doneAt: suggestion.done_at,
    })),
  }
}
