import { z } from 'zod'
import { contactModes, locales } from '#shared/reports/report-schema'
import { intakes } from '#shared/reports/intake-schema'
import { closedReasons, statuses } from '#shared/reports/status'
import { dayKinds } from '#shared/revisits/calendar'
import { revisitAnswers } from '#shared/revisits/ladder'
import { revisitMethods, topicsSchema } from '#shared/revisits/revisit-schema'
import { localisedSchema } from '#shared/communities/reference-data'
import { call, type Clients } from './clients.ts'

/** Windows that an act uses up: [{bucket, times, seconds}], made by server/http/rate-limits.ts. */
export interface Limit { bucket: string, times: number, seconds: number }

/** How somebody comes back to a report. Exactly one of the three. */
export type Access =
  | { receipt_hash: string }
  | { view_token_hash: string }
  | { actor: string, session: string, owner_hash: string }

const status = z.enum(statuses)
const closedReason = z.enum(closedReasons).nullable()
const instant = z.string()
const done = z.object({ ok: z.literal(true) })

export const attachmentFactsSchema = z.object({
  id: z.uuid(), at: instant, author: z.enum(['reporter', 'staff']), message_id: z.uuid().nullable(), media_type: z.string(), size_bytes: z.number(), sha256: z.string(),
  has_view: z.boolean(), has_original: z.boolean(),
})

const receiptFacts = z.object({
  id: z.uuid(), reference: z.string(), category: z.string(), urgency: z.enum(['normal', 'urgent']), received_at: instant, content_hash: z.string(), nonce: z.string(), time_zone: z.string(),
  has_duty: z.boolean().nullable(),
})

export interface AttachmentRow {
  id: string, media_type: string, size_bytes: number, sha256: string, original_blob: string | null, view_blob: string | null, view_media_type: string | null, key_sealed: string
}

export interface NewReport {
  id: string, station: string, community: string | null, grid: string | null, category: string, occurred_at: string | null, channel: 'web' | 'api' | 'bot' | 'desk' | 'patrol', locale: string
  contact_mode: string, actor: string | null, session: string | null, owner_hash: string | null, about_staff: string[], receipt_hash: string, key_hash: string, body_hash: string
  intake: string | null, taker: string | null, taker_session: string | null
  limits: Limit[], challenge: { id: string, expires_at: string } | null, has_proof: boolean, is_portal_only: boolean, is_unverified: boolean, ban_hashes: string[], emergency_kind: string | null
  content_sealed: string, content_key: string, contact_sealed: string | null, contact_key: string | null, notify_sealed: string | null, content_hash: string, nonce: string
  attachments: AttachmentRow[], draft_id_hash: string | null
}

const trackedReport = z.object({
  id: z.uuid(), reference: z.string(), category: z.string(), status, closed_reason: closedReason, urgency: z.enum(['normal', 'urgent']), received_at: instant, updated_at: instant,
  first_viewed_at: instant.nullable(), accepted_at: instant.nullable(), closed_at: instant.nullable(), contact_mode: z.enum(contactModes),
  community: localisedSchema.nullable(), grid: localisedSchema.nullable(), time_zone: z.string(), locale: z.enum(locales), merged_into: z.string().nullable(),
  content_hash: z.string().nullable(), nonce: z.string().nullable(), waits_apart: z.boolean(), is_by_letter: z.boolean(),
  taken: z.object({ intake: z.enum(intakes), at: instant, name: localisedSchema, badge_number: z.string() }).nullable(),
})

const trackedRevisit = z.object({
  id: z.uuid(), round: z.number(), step: z.number(), opened_at: instant, visited_at: instant.nullable(), method: z.enum(revisitMethods).nullable(), topics: topicsSchema.nullable(),
  reminded_at: instant.nullable(), no_reply_at: instant.nullable(), answer: z.enum(revisitAnswers).nullable(), answered_at: instant.nullable(), answered_by: z.enum(['resident', 'staff']).nullable(),
  recorded_answer: z.enum(revisitAnswers).nullable(), comment_sealed: z.string().nullable(), stopped_at: instant.nullable(),
  suggestions: z.array(z.object({ id: z.uuid(), at: instant, text_sealed: z.string(), owner_role: z.string(), due_on: z.string(), outcome_sealed: z.string().nullable(), done_at: instant.nullable() })),
})
export type TrackedRevisitRow = z.infer<typeof trackedRevisit>

/** Everything the tracking page shows. */
export const trackingSchema = z.object({
  ok: z.literal(true), viewer: z.enum(['reporter', 'follower']), now: instant, report: trackedReport, content_key: z.string().nullable(), content_sealed: z.string().nullable(),
  events: z.array(z.object({ at: instant, kind: z.string(), status: status.nullable(), closed_reason: closedReason, by: z.enum(['reporter', 'staff']), public_sealed: z.string().nullable() })),
  messages: z.array(z.object({ id: z.uuid(), at: instant, author: z.enum(['reporter', 'staff']), text_sealed: z.string() })),
  attachments: z.array(attachmentFactsSchema),
  access: z.array(z.object({ at: instant, role: z.string(), action: z.string(), purpose: z.string().nullable(), reason: z.string().nullable(), approved_by: z.string().nullable() })),
  revisits: z.array(trackedRevisit), calendar: z.object({ counting: z.enum(['calendar', 'working']), days: z.record(z.string(), z.enum(dayKinds)) }),
})
export type TrackingRow = z.infer<typeof trackingSchema>

const openedAttachment = z.object({
  ok: z.literal(true), report_id: z.uuid(), media_type: z.string(), view_media_type: z.string().nullable(), view_blob: z.string().nullable(), original_blob: z.string().nullable(),
  key_sealed: z.string(), content_key: z.string(), size_bytes: z.number(),
})
export type OpenedAttachment = z.infer<typeof openedAttachment>

/** What the functions answer. Made once: zod compiles a schema at its first use, which costs more than the reading. */
const answers = {
  submit: done.extend({ is_replay: z.boolean(), report: receiptFacts }),
  nearby: z.array(z.object({ reference: z.string(), summary: z.string().nullable(), status, received_on: z.string() })),
  follow: done.extend({ reference: z.string() }),
  startView: done.extend({ viewer: z.enum(['reporter', 'follower']) }),
  endView: z.unknown(),
  beginAddition: done.extend({ id: z.uuid(), content_key: z.string(), contact_mode: z.enum(contactModes), status, count: z.number(), bytes: z.number() }),
  addMessage: done.extend({ at: instant }),
  // Whoever had their link to the report erased has no nonce any more, and may still hold its receipt.
  addAttachment: done.extend({ is_replay: z.boolean(), report: receiptFacts.extend({ nonce: z.string().nullable() }), attachments: z.array(attachmentFactsSchema) }),
  listMine: done.extend({
    now: instant,
    reports: z.array(trackedReport.pick({ reference: true, category: true, status: true, closed_reason: true, urgency: true, received_at: true, updated_at: true, first_viewed_at: true,
      accepted_at: true, closed_at: true, contact_mode: true, time_zone: true }).extend({ unread: z.number(), awaits_answer: z.boolean() })),
  }),
  saveDraft: done.extend({ dropped: z.array(z.string()) }),
  loadDraft: z.string().nullable(),
  removeDraft: z.array(z.string()).nullable(),
  unclaimed: z.array(z.string()),
  purge: done.extend({
    blobs: z.array(z.string()), drafts: z.number(), idempotency_keys: z.number(), views: z.number(), challenges: z.number(), rate_windows: z.number(), has_more: z.boolean(),
  }),
}

/** A receipt is counted where it is looked up, so that a used-up limit answers right and wrong ones alike. */
const own = <Extra extends object>(reference: string, access: Access, extra: Extra) =>
  ({ p: { reference, access: 'receipt_hash' in access && 'guess_limits' in extra ? { ...access, guess_limits: extra.guess_limits } : access, ...extra } as never })

/** What reporters do. Every function is the server's: it takes what only the server can make. */
export function reporterQueries({ server }: Clients) {
  return {
    submit: (report: NewReport) => call(server, 'submit_report', { p: report as never }, answers.submit),
    nearby: (category: string, grid: string) => call(server, 'nearby_reports', { p_category: category, p_grid: grid }, answers.nearby),
    follow: (reference: string, receiptHash: string, limits: Limit[]) => call(server, 'follow_report', { p: { reference, receipt_hash: receiptHash, limits } as never }, answers.follow),
    startView: (reference: string, receiptHash: string, viewTokenHash: string, guessLimits: Limit[]) => call(server, 'start_view',
      { p: { reference, receipt_hash: receiptHash, view_token_hash: viewTokenHash, guess_limits: guessLimits } as never }, answers.startView),
    endView: (tokenHash: string) => call(server, 'end_view', { p_token_hash: tokenHash }, answers.endView),
    track: (reference: string, access: Access, guessLimits: Limit[]) => call(server, 'track_report', own(reference, access, { guess_limits: guessLimits }), trackingSchema),
    beginAddition: (reference: string, access: Access, guessLimits: Limit[]) => call(server, 'begin_addition', own(reference, access, { guess_limits: guessLimits }), answers.beginAddition),
    addMessage: (reference: string, access: Access, message: { message_id: string, text_sealed: string, limits: Limit[] }) => call(server, 'add_reporter_message', own(reference, access, message), answers.addMessage),
    addAttachment: (reference: string, access: Access, attachment: AttachmentRow & { message_id?: string }, limits: Limit[]) => call(server, 'add_attachment',
      own(reference, access, { attachment, limits }), answers.addAttachment),
    openAttachment: (reference: string, access: Access, id: string, guessLimits: Limit[]) => call(server, 'open_own_attachment', own(reference, access, { id, guess_limits: guessLimits }), openedAttachment),
    withdraw: (reference: string, access: Access, guessLimits: Limit[]) => call(server, 'withdraw_report', own(reference, access, { guess_limits: guessLimits }), done),
    listMine: (actor: string, session: string, ownerHash: string) => call(server, 'list_my_reports', { p: { actor, session, owner_hash: ownerHash } as never }, answers.listMine),
  }
}

const lookUpReportAnswer = trackingSchema.extend({ may_open: z.boolean() })

/** What a reporter sees, for staff to whom the receipt is shown. The look is logged. */
export function lookUpReportRow({ server }: Clients, asked: { actor: string, session: string, reference: string, receipt_hash: string, guess_limits: Limit[] }) {
  return call(server, 'look_up_report', { p: asked as never }, lookUpReportAnswer)
}

/** Answers of a form in progress, sealed with the visitor's cookie (RULES B6). */
export function draftQueries({ server }: Clients) {
  return {
    save: (idHash: string, sealed: string, blobs: string[], limits: Limit[]) => call(server, 'save_draft', { p: { id_hash: idHash, sealed, blobs, limits } as never }, answers.saveDraft),
    load: (idHash: string) => call(server, 'load_draft', { p_id_hash: idHash }, answers.loadDraft),
    remove: (idHash: string) => call(server, 'delete_draft', { p_id_hash: idHash }, answers.removeDraft),
  }
}

/** What lives for hours only: see `purge_expired()`. */
export function purgeExpired({ server }: Clients) {
  return call(server, 'purge_expired', undefined as never, answers.purge)
}

/** Which of these files neither a draft nor a report knows. */
export function unclaimedBlobs({ server }: Clients, blobs: string[]) {
  return call(server, 'unclaimed_blobs', { p_blobs: blobs }, answers.unclaimed)
}

/** Counts acts whose work happens outside the database. @throws AppError rate_limited */
export function takeLimits({ server }: Clients, limits: Limit[]) {
  return call(server, 'take_limits', { p_limits: limits as never }, done)
}

/** Takes back what `takeLimits` counted: the act turned out to be an honest one. */
export function returnLimits({ server }: Clients, limits: Limit[]) {
  return call(server, 'return_limits', { p_limits: limits as never }, done)
}
