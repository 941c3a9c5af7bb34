/*
  What the desk does with a report. Texts are sealed with the report's own key before they leave the process; the database checks
  the actor's rights again and writes change, log and message in one transaction.
*/
import { randomUUID } from 'node:crypto'
import { AppError } from '#shared/errors'
import { nextStatuses, type ClosedReason, type Status } from '#shared/reports/status'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import type { Services } from '../services.ts'
import { sealText, unwrapKey } from '../trust/envelope.ts'
import { accountHash } from './receipt.ts'
import { aboutReport } from './report-content.ts'

async function beginWriting(services: Services, actor: DeskActor, reference: string) {
  const facts = await deskQueries(services.clients, actor).beginWriting(reference)
  const key = unwrapKey(services.keys.masterKeys, facts.content_key, aboutReport(facts.id, 'content'))
  return { facts, seal: (text: string, part: 'sentence' | 'message' | 'note') => sealText(key, text, aboutReport(facts.id, part)) }
}

export interface StatusChange {
  status: Status
  /** The state that the officer saw: another one means that a colleague was faster. */
  fromStatus: Status
  closedReason?: ClosedReason
  /** What the reporter reads about it. */
  publicText: string
  /** What only the desk reads. */
  note?: string
}

/** Moves a report on. @throws AppError not_found, conflict, status_order, reason_missing */
export async function changeStatus(services: Services, actor: DeskActor, reference: string, change: StatusChange) {
  if (!nextStatuses(change.fromStatus).includes(change.status)) throw new AppError('status_order')
  const { seal } = await beginWriting(services, actor, reference)
  const { status, version } = await deskQueries(services.clients, actor).changeStatus({
    reference, status: change.status, from_status: change.fromStatus, public_sealed: seal(change.publicText, 'sentence'),
    ...(change.closedReason && { closed_reason: change.closedReason }), ...(change.note && { note_sealed: seal(change.note, 'note') }),
  })
  return { status, version }
}

/** A letter from the desk to the reporter. @param messageId random UUID: a repeated send adds nothing @throws AppError not_found */
export async function writeToReporter(services: Services, actor: DeskActor, reference: string, text: string, messageId: string = randomUUID()) {
  const { seal } = await beginWriting(services, actor, reference)
  const { at } = await deskQueries(services.clients, actor).addMessage({ reference, message_id: messageId, text_sealed: seal(text, 'message') })
  return { id: messageId, at }
}

/** An internal note; the reporter never sees it. @throws AppError not_found */
export async function addNote(services: Services, actor: DeskActor, reference: string, text: string) {
  const { seal } = await beginWriting(services, actor, reference)
  const { at } = await deskQueries(services.clients, actor).addNote({ reference, text_sealed: seal(text, 'note') })
  return { at }
}

/** Hands a report to a colleague, or to nobody. @throws AppError not_found, forbidden, assignee_not_allowed */
export async function assignReport(services: Services, actor: DeskActor, reference: string, staffId: string | null) {
  const { assigned_to: assignedTo, assignee } = await deskQueries(services.clients, actor).assign(reference, staffId)
  return { assignedTo, assignee }
}

/** Bans the account behind a report: what it sends later is accepted and hidden (RULES G2). @throws AppError not_found, forbidden, no_account */
export async function banReporter(services: Services, actor: DeskActor, reference: string, reason: string): Promise<void> {
  const queries = deskQueries(services.clients, actor)
  const { owner_id: ownerId, owner_hash: hash } = await queries.beginBan(reference)
  // A sealed report keeps only a keyed hash of its owner; its ban holds for what that hash matches.
  const subject = ownerId ? accountHash(services.keys, ownerId) : hash
  if (!subject) throw new AppError('no_account')
  await queries.ban(reference, subject, reason)
}
