import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { revealKinds, revealStates } from '#shared/reports/reveal-schema'
import { intakes } from '#shared/reports/intake-schema'
import { responseTemplateSchema } from '#shared/reports/response-template'
import { contactModes, locales } from '#shared/reports/report-schema'
import { closedReasons, statuses } from '#shared/reports/status'
import { staffRoles } from '#shared/staff/desk-schema'
import { call, type Clients } from './clients.ts'
import { attachmentFactsSchema, type AttachmentRow } from './reports.ts'
import { ladderStep, openedRevisit, openedSuggestion } from './revisits.ts'

/** A signed-in member of staff: their token for what runs under their own rights, ids for what takes ciphertext. */
export interface DeskActor { accessToken: string, userId: string, sessionId: string }

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const status = z.enum(statuses)
const closedReason = z.enum(closedReasons).nullable()

const inboxRow = z.object({
  id: z.uuid(), reference: z.string(), category: z.string(), community_id: z.uuid().nullable(), grid_id: z.uuid().nullable(), status, closed_reason: closedReason,
  urgency: z.enum(['normal', 'urgent']), received_at: instant, updated_at: instant, first_viewed_at: instant.nullable(), accepted_at: instant.nullable(), closed_at: instant.nullable(),
  contact_mode: z.enum(contactModes), locale: z.enum(locales), is_unverified: z.boolean(), is_hidden: z.boolean(), emergency_kind: z.string().nullable(),
  assigned_to: z.uuid().nullable(), assignee: localisedSchema.nullable(), summary: z.string().nullable(), channel: z.string(),
})
export type InboxRow = z.infer<typeof inboxRow>

const cursor = z.object({ received_at: instant, id: z.uuid() })

const openedReport = z.object({
  ok: z.literal(true), now: instant, can_change: z.boolean(),
  report: inboxRow.omit({ assignee: true }).extend({
    version: z.number(), occurred_at: instant.nullable(), has_account: z.boolean(), visibility: z.enum(['public', 'private']), time_zone: z.string(),
    merged_into: z.string().nullable(), merged: z.array(z.string()), followers: z.number(),
    taken: z.object({ intake: z.enum(intakes), at: instant, name: localisedSchema, badge_number: z.string() }).nullable(),
  }),
  content_sealed: z.string(), content_key: z.string(), contact_sealed: z.string().nullable(), contact_key: z.string().nullable(),
  events: z.array(z.object({ at: instant, kind: z.string(), status: status.nullable(), closed_reason: closedReason, actor_role: z.string(), actor: localisedSchema.nullable(), public_sealed: z.string().nullable() })),
  messages: z.array(z.object({ id: z.uuid(), at: instant, author: z.enum(['reporter', 'staff']), name: localisedSchema.nullable(), text_sealed: z.string(), read_at: instant.nullable() })),
  notes: z.array(z.object({ id: z.uuid(), at: instant, name: localisedSchema, text_sealed: z.string() })),
  attachments: z.array(attachmentFactsSchema), revisits: z.array(openedRevisit), suggestions: z.array(openedSuggestion),
})
export type OpenedReport = z.infer<typeof openedReport>

const openedAttachment = z.object({
  ok: z.literal(true), report_id: z.uuid(), reference: z.string(), media_type: z.string(), view_media_type: z.string().nullable(), view_blob: z.string().nullable(), original_blob: z.string().nullable(),
  key_sealed: z.string(), content_key: z.string(), size_bytes: z.number(),
})

const reveal = z.object({
  id: z.uuid(), kind: z.enum(revealKinds), attachment_id: z.uuid().nullable(), reason: z.string(), asked_at: instant, asked_by: localisedSchema.nullable(), decided_at: instant.nullable(),
  decided_by: localisedSchema.nullable(), expires_at: instant.nullable(), state: z.enum(revealStates), may_decide: z.boolean(), may_read: z.boolean(),
})
export type RevealRow = z.infer<typeof reveal>

const template = responseTemplateSchema.omit({ category: true, closedReason: true }).extend({ category_code: z.string().nullable(), closed_reason: closedReason })
const staffMember = z.object({ user_id: z.uuid(), role: z.enum(staffRoles), name: localisedSchema, badge_number: z.string(), is_active: z.boolean() })

const getStaffProfileAnswer = done.extend({
  user_id: z.uuid(), role: z.enum(staffRoles), name: localisedSchema, badge_number: z.string(), station_id: z.uuid(), station: localisedSchema,
  time_zone: z.string(), is_demo: z.boolean(), communities: z.array(z.uuid()),
})
const listReportsAnswer = done.extend({ now: instant, time_zone: z.string(), reports: z.array(inboxRow), next_cursor: cursor.nullable() })
const listRevealsAnswer = done.extend({ reveals: z.array(reveal) })
const askRevealAnswer = done.extend({ reveal })
const decideRevealAnswer = done.extend({ reveal })
const readIdentityAnswer = done.extend({ report_id: z.uuid(), expires_at: instant, contact_sealed: z.string().nullable(), contact_key: z.string().nullable() })
const openOriginalAnswer = openedAttachment.extend({ id: z.uuid() })
const assignReportAnswer = done.extend({ assigned_to: z.uuid().nullable(), assignee: localisedSchema.nullable() })
const mergeReportAnswer = done.extend({ into: z.string() })
const unmergeReportAnswer = done.extend({ revisits: z.array(ladderStep) })
const countDeskWorkAnswer = done.extend({ unseen: z.number(), mine: z.number(), unverified: z.number(), revisits: z.number(), chats: z.number(), alerts: z.number() })
const listAuditLogAnswer = done.extend({
  entries: z.array(z.object({ id: z.number(), at: instant, actor: localisedSchema.nullable(), actor_role: z.string(), action: z.string(), noun: z.string(), reference: z.string().nullable(), details: z.record(z.string(), z.unknown()) })),
  next_cursor: z.number().nullable(),
})
const beginDeskWritingAnswer = done.extend({ id: z.uuid(), content_key: z.string(), locale: z.enum(locales), category: z.string(), status })
const changeReportStatusAnswer = done.extend({ status, version: z.number(), revisits: z.array(ladderStep) })
const addStaffMessageAnswer = done.extend({ at: instant })
const addReportNoteAnswer = done.extend({ at: instant })
const addAttachmentAnswer = done.extend({ is_replay: z.boolean(), attachments: z.array(attachmentFactsSchema) })
const beginBanAnswer = done.extend({ owner_id: z.uuid().nullable(), owner_hash: z.string().nullable(), chat_hash: z.string().nullable() })

/** What the desk does. `own` calls run under the officer's JWT, `server` calls carry ciphertext and name the actor (RULES A2). */
export function deskQueries(clients: Clients, actor: DeskActor) {
  const own = clients.as(actor.accessToken)
  const { server } = clients
  const by = { actor: actor.userId, session: actor.sessionId }
  return {
    profile: () => call(own, 'get_staff_profile', undefined as never, getStaffProfileAnswer),
    list: (filter: Record<string, unknown>) => call(own, 'list_reports', { p: filter as never },
      listReportsAnswer),
    open: (reference: string, purpose: string) => call(own, 'open_report', { p_reference: reference, p_purpose: purpose }, openedReport),
    openAttachment: (id: string) => call(own, 'open_attachment', { p_id: id }, openedAttachment),
    listReveals: (reference: string) => call(own, 'list_reveals', { p_reference: reference }, listRevealsAnswer),
    askReveal: (reference: string, reason: string, attachment?: string) => call(own, 'ask_reveal', { p: { reference, reason, attachment } as never }, askRevealAnswer),
    decideReveal: (reference: string, id: string, approves: boolean) => call(own, 'decide_reveal', { p_reference: reference, p_id: id, p_approves: approves }, decideRevealAnswer),
    readIdentity: (reference: string, id: string) => call(own, 'read_identity', { p_reference: reference, p_id: id },
      readIdentityAnswer),
    openOriginal: (reference: string, id: string) => call(own, 'open_original', { p_reference: reference, p_id: id }, openOriginalAnswer),
    assign: (reference: string, staff: string | null) => call(own, 'assign_report', { p_reference: reference, p_staff: staff as string }, assignReportAnswer),
    summarise: (reference: string, summary: string) => call(own, 'summarise_report', { p_reference: reference, p_summary: summary }, done),
    merge: (reference: string, into: string) => call(own, 'merge_report', { p_reference: reference, p_into: into }, mergeReportAnswer),
    unmerge: (reference: string) => call(own, 'unmerge_report', { p_reference: reference }, unmergeReportAnswer),
    release: (reference: string) => call(own, 'release_report', { p_reference: reference }, done),
    liftBan: (id: string) => call(own, 'lift_ban', { p_id: id }, done),
    countWork: () => call(own, 'count_desk_work', undefined as never, countDeskWorkAnswer),
    listAuditLog: (filter: Record<string, unknown>) => call(own, 'list_audit_log', { p: filter as never }, listAuditLogAnswer),
    beginWriting: (reference: string) => call(server, 'begin_desk_writing', { p: { reference, ...by } as never },
      beginDeskWritingAnswer),
    changeStatus: (change: { reference: string, status: string, closed_reason?: string, from_status: string, public_sealed: string, note_sealed?: string }) =>
      call(server, 'change_report_status', { p: { ...change, ...by } as never }, changeReportStatusAnswer),
    addMessage: (message: { reference: string, message_id: string, text_sealed: string }) => call(server, 'add_staff_message', { p: { ...message, ...by } as never }, addStaffMessageAnswer),
    addNote: (note: { reference: string, text_sealed: string }) => call(server, 'add_report_note', { p: { ...note, ...by } as never }, addReportNoteAnswer),
    addAttachment: (reference: string, attachment: AttachmentRow & { message_id: string }) => call(server, 'add_attachment', { p: { reference, attachment, ...by } as never }, addAttachmentAnswer),
    beginBan: (reference: string) => call(server, 'begin_ban', { p: { reference, ...by } as never }, beginBanAnswer),
    ban: (reference: string, { kind, hash }: { kind: 'account' | 'chat', hash: string }, reason: string) => call(server, 'ban_reporter', { p: { reference, kind, subject_hash: hash, reason, ...by } as never }, done),
    async listTemplates() {
      const { data, error } = await own.from('response_templates').select('slug, category_code, status, closed_reason, name, body').order('position')
      if (error) throw new Error(`response_templates: ${error.code}`)
      return z.array(template).parse(data)
    },
    async listStaff() {
      const { data, error } = await own.from('staff').select('user_id, role, name, badge_number, is_active').order('badge_number')
      if (error) throw new Error(`staff: ${error.code}`)
      return z.array(staffMember).parse(data)
    },
    async listBans() {
      const { data, error } = await own.from('bans').select('id, kind, report_id, reason, created_by, created_at, lifted_at').order('created_at', { ascending: false }).limit(100)
      if (error) throw new Error(`bans: ${error.code}`)
      return z.array(z.object({ id: z.uuid(), kind: z.enum(['account', 'contact', 'chat']), report_id: z.uuid().nullable(), reason: z.string(), created_by: z.uuid(), created_at: instant, lifted_at: instant.nullable() })).parse(data)
    },
  }
}
