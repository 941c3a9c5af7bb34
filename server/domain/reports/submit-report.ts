import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { AppError } from '#shared/errors'
import type { ReportInput } from '#shared/reports/report-schema'
import { reportClocks, type Clock } from '#shared/reports/clock'
import type { Intake } from '#shared/reports/intake-schema'
import { isPortalOnly } from '#shared/reports/safe-contact'
import { reporterQueries, type AttachmentRow, type Limit } from '#server/db/reports'
import type { Actor } from '../accounts/actor.ts'
import { alertOfTip } from '../alerts/tip-about.ts'
import { findCategory, getReferenceData } from '../communities/get-reference-data.ts'
import { locatePlace } from '../communities/locate-place.ts'
import type { Services } from '../services.ts'
import { canonicalJson } from '../trust/canonical-json.ts'
import { newDataKey, sealText } from '../trust/envelope.ts'
import { contentHash, signStatement, type Statement } from '../trust/statement.ts'
import { checkAnswers } from './check-answers.ts'
import { aboutReport, contentOf, type ReportContact } from './report-content.ts'
import { accountHash, bannedChatHash, ownerHash, receiptFor, receiptHash } from './receipt.ts'

export interface Submission {
  input: ReportInput
  /** Who is signed in. Never used when the report is anonymous (RULES B1). */
  actor?: Actor
  channel: 'web' | 'api' | 'bot' | 'desk' | 'patrol'
  /** Of a messenger: asked whether it is banned, and not kept. */
  chatHash?: string
  /** Staff typed it for somebody who stands at the counter or is on the phone. They took it in; it is never theirs (RULES B1). */
  intake?: { way: Intake, taker: Actor }
  /** At least 22 random characters; a repeated send with the same key answers the same (RULES C1). */
  idempotencyKey: string
  /** How the sender showed that they are not a flood: a solved challenge, none (no script: "unverified"), or a way that needs none (bot). */
  proof: { kind: 'challenge', challenge: { id: string, expires_at: string } | undefined } | { kind: 'unverified' } | { kind: 'trusted' }
  limits: Limit[]
  /** What the emergency rules found in the text. */
  emergencyKind?: string
  /** Files of the form, already in the blob store; their keys are sealed for this report here. */
  files?: DraftFile[]
  draftIdHash?: string
}

/** A file that waits in a draft: facts, places and its own key. */
export interface DraftFile { id: string, mediaType: string, sizeBytes: number, sha256: string, originalBlob: string | null, viewBlob: string | null, viewMediaType: string | null, key: Buffer }

/** `hasDuty`: is anybody on duty now? Asked for urgent reports, else null. */
export interface Submitted { reference: string, receipt: string, statement: Statement, clock: Clock[], isReplay: boolean, nonce: string, urgency: 'normal' | 'urgent', timeZone: string, hasDuty: boolean | null }

/**
 * Files a report: seals it, keeps it with its events, and gives reference, receipt and statement.
 * @throws AppError invalid (fields), challenge_failed, rate_limited, idempotency_conflict, unavailable; of an intake forbidden, names_you
 */
export async function submitReport(services: Services, submission: Submission): Promise<Submitted> {
  const { input, actor, idempotencyKey, proof, intake } = submission
  const { keys } = services
  const reference = await getReferenceData(services)
  const category = findCategory(reference, input.category)
  if (!category) throw new AppError('invalid', {}, { fields: { category: { key: 'choose' } } })
  if (!reference.station) throw new AppError('unavailable')

  const checked = checkAnswers(category, reference.communities, input.answers, { needsRequired: submission.channel === 'web' || submission.channel === 'desk' })
  if (Object.keys(checked.errors).length) throw new AppError('invalid', {}, { fields: checked.errors })
  const place = locatePlace(reference, input)
  const alert = await alertOfTip(services, input.alert)

  const id = randomUUID()
  const mode = input.contact.mode
  const owner = mode === 'anonymous' ? undefined : actor
  const content = contentOf({ ...input, answers: checked.answers, alert: alert?.identifier })
  const contact = mode === 'anonymous' ? undefined : contactOf(input, owner)
  if (contact && !contact.name && !contact.phone && !contact.email && !owner) throw new AppError('invalid', {}, { fields: { 'contact.name': { key: 'reports.reach.nothingGiven' } } })
  const nonce = randomBytes(32).toString('hex')
  const contentKey = newDataKey(keys.masterKeys, aboutReport(id, 'content'))
  const contactKey = contact && newDataKey(keys.masterKeys, aboutReport(id, 'contact'))
  const staysInPortal = isPortalOnly(category.code, contact)
  const notifyTo = staysInPortal ? undefined : contact?.email ?? contact?.accountEmail
  const receipt = receiptFor(keys, idempotencyKey)

  const { report, is_replay: isReplay } = await reporterQueries(services.clients).submit({
    id, station: reference.station.id, community: place.community?.id ?? null, grid: place.grid?.id ?? null, category: category.code,
    occurred_at: input.occurredAt ?? null, channel: submission.channel, locale: input.locale, contact_mode: mode,
    actor: owner?.userId ?? null, session: owner?.sessionId ?? null, owner_hash: owner && mode === 'sealed' ? ownerHash(keys, owner.userId) : null,
    intake: intake?.way ?? null, taker: intake?.taker.userId ?? null, taker_session: intake?.taker.sessionId ?? null,
    about_staff: checked.aboutStaff, receipt_hash: receiptHash(keys, receipt),
    key_hash: keys.keyedHash('index', `idempotency ${idempotencyKey}`),
    body_hash: keys.keyedHash('index', createHash('sha256').update(canonicalJson({ ...input, ...(intake && { intake: intake.way }), files: submission.files?.map(file => file.sha256) })).digest('hex')),
    limits: submission.limits,
    challenge: proof.kind === 'challenge' ? proof.challenge ?? null : null,
    has_proof: proof.kind === 'trusted', is_portal_only: staysInPortal, is_unverified: proof.kind === 'unverified',
    ban_hashes: [...owner ? [accountHash(keys, owner.userId), ownerHash(keys, owner.userId)] : [], ...submission.chatHash ? [bannedChatHash(keys, submission.chatHash)] : []], emergency_kind: submission.emergencyKind ?? null,
    content_sealed: sealText(contentKey.key, JSON.stringify(content), aboutReport(id, 'content')), content_key: contentKey.wrapped,
    contact_sealed: contact && contactKey ? sealText(contactKey.key, JSON.stringify(contact), aboutReport(id, 'contact')) : null, contact_key: contactKey?.wrapped ?? null,
    notify_sealed: notifyTo ? sealText(keys.secret('outbox').key, notifyTo, aboutReport(id, 'notify'), keys.secret('outbox').id) : null,
    content_hash: contentHash(nonce, content), nonce,
    attachments: (submission.files ?? []).map(file => attachmentRow(file, id, contentKey.key)), draft_id_hash: submission.draftIdHash ?? null,
  })

  return {
    reference: report.reference, receipt, isReplay, nonce: report.nonce, urgency: report.urgency, timeZone: report.time_zone, hasDuty: report.has_duty,
    statement: signStatement(keys, {
      reference: report.reference, receivedAt: report.received_at, contentHash: report.content_hash, attachments: (submission.files ?? []).map(file => file.sha256),
    }),
    clock: reportClocks({ status: 'received', urgency: report.urgency, receivedAt: report.received_at }, report.received_at, report.time_zone),
  }
}

function contactOf({ contact: { mode: _, ...given } }: ReportInput, owner: Actor | undefined): ReportContact {
  return { ...given, ...(owner && { accountEmail: owner.email }) }
}

/** A file as it is kept with its report: its key is sealed with the report's. */
export function attachmentRow(file: DraftFile, reportId: string, contentKey: Buffer): AttachmentRow {
  return {
    id: file.id, media_type: file.mediaType, size_bytes: file.sizeBytes, sha256: file.sha256, original_blob: file.originalBlob, view_blob: file.viewBlob, view_media_type: file.viewMediaType,
    key_sealed: sealText(contentKey, file.key, aboutReport(reportId, 'file')),
  }
}
