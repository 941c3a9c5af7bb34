/*
  What the desk does with a report. Texts are sealed with the report's own key before they leave the process; the database checks
  the actor's rights again and writes change, log and message in one transaction.
*/
import { randomUUID } from 'node:crypto'
import { AppError } from '#shared/errors'
import type { AcceptInput, ChangeStatusInput } from '#shared/reports/desk-schema'
import { plainSentence } from '#shared/reports/response-template'
import { nextStatuses } from '#shared/reports/status'
import type { LadderStep } from '#shared/revisits/revisit-schema'
import { deskQueries, type DeskActor } from '#server/db/desk-reports'
import type { LadderStepRow } from '#server/db/revisits'
import type { Services } from '../services.ts'
import { sealText, unwrapKey } from '../trust/envelope.ts'
import { accountHash, bannedChatHash } from './receipt.ts'
import { aboutReport } from './report-content.ts'
import { listTemplates } from './list-templates.ts'

async function beginWriting(services: Services, actor: DeskActor, reference: string) {
  const facts = await deskQueries(services.clients, actor).beginWriting(reference)
  const key = unwrapKey(services.keys.masterKeys, facts.content_key, aboutReport(facts.id, 'content'))
  return { facts, seal: (text: string, part: 'sentence' | 'message' | 'note') => sealText(key, text, aboutReport(facts.id, part)) }
}

/** The sentence that the reporter reads: the officer's own, or the plain one of that state in the reporter's language. */
async function sentenceFor(services: Services, actor: DeskActor, locale: 'zh' | 'en', { publicText, status, closedReason }: ChangeStatusInput) {
  const text = publicText ?? plainSentence(await listTemplates(services, actor), { status, closedReason: closedReason ?? null }, locale)
  // A state nobody has prepared a sentence for: the officer has to write one.
  if (!text) throw new AppError('invalid', {}, { fields: { publicText: { key: 'required' } } })
  return text
}

/** Moves a report on. `fromStatus` is what the officer saw. @throws AppError not_found, conflict, status_order, reason_missing, invalid */
export async function changeStatus(services: Services, actor: DeskActor, reference: string, change: ChangeStatusInput) {
  const { facts, seal } = await beginWriting(services, actor, reference)
  const from = change.fromStatus ?? facts.status
  if (from !== facts.status) throw new AppError('conflict')
  if (!nextStatuses(from).includes(change.status)) throw new AppError('status_order')
  if (change.status === 'closed' && !change.closedReason) throw new AppError('reason_missing')
  const { status, version, revisits } = await deskQueries(services.clients, actor).changeStatus({
    reference, status: change.status, from_status: from, public_sealed: seal(await sentenceFor(services, actor, facts.locale, change), 'sentence'),
    ...(change.closedReason && { closed_reason: change.closedReason }), ...(change.note && { note_sealed: seal(change.note, 'note') }),
  })
  return { status, version, revisits: revisits.map(stepOf) }
}

const stepOf = (row: LadderStepRow): LadderStep => ({
  id: row.id, round: row.round, step: row.step, level: row.level, openedAt: row.opened_at, dueAt: row.due_at, mayVisit: row.may_visit, stoppedAt: row.stopped_at,
})

/** Takes a report as a case (RULES D4): the reporter hears that it is accepted. @throws AppError not_found, conflict */
export async function acceptReport(services: Services, actor: DeskActor, reference: string, { publicText, note }: AcceptInput) {
  return changeStatus(services, actor, reference, { status: 'triaged', fromStatus: 'received', publicText, note })
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

/** Hands a report to a colleague, to oneself (`me`) or to nobody (`null`). @throws AppError not_found, forbidden, assignee_not_allowed */
export async function assignReport(services: Services, actor: DeskActor, reference: string, to: string | null) {
  const staffId = to === 'me' ? actor.userId : to
  const { assigned_to: assignedTo, assignee } = await deskQueries(services.clients, actor).assign(reference, staffId)
  return { assignedTo, assignee }
}

/** The desk's own words about a report; for public categories neighbours may read them. Empty takes them away. @throws AppError not_found, too_long */
export async function summariseReport(services: Services, actor: DeskActor, reference: string, summary: string): Promise<void> {
  await deskQueries(services.clients, actor).summarise(reference, summary)
}

/** Closes a report as the duplicate of another; threads, receipts and clocks stay apart (RULES D4). @throws AppError not_found, merge_not_allowed */
export async function mergeReport(services: Services, actor: DeskActor, reference: string, into: string) {
  const merged = await deskQueries(services.clients, actor).merge(reference, into)
  return { into: merged.into }
}

/** Makes a merged report a case of its own again. @throws AppError not_found, merge_not_allowed */
export async function unmergeReport(services: Services, actor: DeskActor, reference: string) {
  const { revisits } = await deskQueries(services.clients, actor).unmerge(reference)
  return { revisits: revisits.map(stepOf) }
}

/** Takes the marks "hidden" and "unverified" off a report: it is genuine (RULES G2). @throws AppError not_found */
export async function releaseReport(services: Services, actor: DeskActor, reference: string): Promise<void> {
  await deskQueries(services.clients, actor).release(reference)
}

/** Bans the account behind a report, or the chat in which it is followed: what they send later is accepted and hidden (RULES G2). @throws AppError not_found, forbidden, no_account */
export async function banReporter(services: Services, actor: DeskActor, reference: string, reason: string): Promise<void> {
  const queries = deskQueries(services.clients, actor)
  const { owner_id: ownerId, owner_hash: hash, chat_hash: chat } = await queries.beginBan(reference)
  // A sealed report keeps only a keyed hash of its owner; its ban holds for what that hash matches.
  const account = ownerId ? accountHash(services.keys, ownerId) : hash
  if (account) await queries.ban(reference, { kind: 'account', hash: account }, reason)
  else if (chat) await queries.ban(reference, { kind: 'chat', hash: bannedChatHash(services.keys, chat) }, reason)
  else throw new AppError('no_account')
}
