import { AppError } from '#shared/errors'
import type { Identity, Reveal } from '#shared/reports/reveal-schema'
import { deskQueries, type DeskActor, type RevealRow } from '#server/db/desk-reports'
import type { Services } from '../services.ts'
import { openText, unwrapKey } from '../trust/envelope.ts'
import { decryptFile, type OpenFile } from './open-attachment.ts'
import { aboutReport, reportContactSchema } from './report-content.ts'

/** Requests of a report to open what is sealed, newest first. @throws AppError not_found */
export async function listReveals(services: Services, actor: DeskActor, reference: string): Promise<{ reveals: Reveal[] }> {
  return { reveals: (await deskQueries(services.clients, actor).listReveals(reference)).reveals.map(revealOf) }
}

/** Asks to open a sealed identity, or the original of a file. @throws AppError not_found, nothing_sealed, conflict when one waits already */
export async function askReveal(services: Services, actor: DeskActor, reference: string, { reason, attachment }: { reason: string, attachment?: string }): Promise<Reveal> {
  return revealOf((await deskQueries(services.clients, actor).askReveal(reference, reason, attachment)).reveal)
}

/** The second person agrees, or does not. @throws AppError not_found, second_person_required, conflict */
export async function decideReveal(services: Services, actor: DeskActor, reference: string, id: string, approves: boolean): Promise<Reveal> {
  return revealOf((await deskQueries(services.clients, actor).decideReveal(reference, id, approves)).reveal)
}

/** Who it was. Logged in the same call, with the reason, where the reporter reads it. @throws AppError not_found without an approval that still holds */
export async function readIdentity({ clients, keys }: Services, actor: DeskActor, reference: string, id: string): Promise<Identity> {
  const row = await deskQueries(clients, actor).readIdentity(reference, id)
  if (!row.contact_sealed || !row.contact_key) throw new AppError('nothing_sealed')
  const about = aboutReport(row.report_id, 'contact')
  const { name, phone, email, accountEmail, safeContact } = reportContactSchema.parse(JSON.parse(openText(unwrapKey(keys.masterKeys, row.contact_key, about), row.contact_sealed, about)))
  return { expiresAt: row.expires_at, name, phone, email, accountEmail, safeContact }
}

/** The original of a file, for download. Logged in the same call. @throws AppError not_found without an approval that still holds */
export async function openOriginal(services: Services, actor: DeskActor, reference: string, id: string): Promise<OpenFile & { reference: string }> {
  const row = await deskQueries(services.clients, actor).openOriginal(reference, id)
  return { ...await decryptFile(services, row.id, row), reference: row.reference }
}

const revealOf = ({ id, kind, attachment_id: attachment, reason, state, ...row }: RevealRow): Reveal => ({
  id, kind, attachment, reason, state, askedAt: row.asked_at, askedBy: row.asked_by, decidedAt: row.decided_at, decidedBy: row.decided_by, expiresAt: row.expires_at,
  mayDecide: row.may_decide, mayRead: row.may_read,
})
