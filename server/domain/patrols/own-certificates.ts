import { createHash } from 'node:crypto'
import { certificateFileSchema, initialsOf, type CertificateFile, type CertificateWish, type DeskCertificates, type OwnCertificate, type OwnCertificates } from '#shared/patrols/certificate'
import { certificateCheckQueries, certificateQueries, type CertificateRow } from '#server/db/certificates'
import type { DeskActor } from '#server/db/desk-reports'
import type { Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { openText, sealText } from '../trust/envelope.ts'
import { newCertificateNumber, signCertificate } from './certificate.ts'
import { openContact } from './volunteer-contact.ts'

const about = (number: string) => `certificate:${number}`

/** What a certificate says, with its nonce and statement, as the portal keeps it. */
export const openCertificateFile = ({ keys }: Pick<Services, 'keys'>, number: string, sealed: string): CertificateFile =>
  certificateFileSchema.parse(JSON.parse(openText(keys.secret('outbox').key, sealed, about(number))))

/** The file as the portal keeps it, sealed for its number. */
export function sealCertificateFile({ keys }: Pick<Services, 'keys'>, file: CertificateFile): string {
  const { key, id } = keys.secret('outbox')
  return sealText(key, JSON.stringify(file), about(file.content.number), id)
}

/**
 * Signs and keeps a certificate over the patrols between two days: nothing stands in it but what its holder chose.
 * @throws AppError not_found (no volunteer), no_hours, conflict: the hours changed meanwhile, rate_limited
 */
export async function issueCertificate(services: Services, actor: DeskActor, { from, to, holder, isNightShown }: CertificateWish, limits: Limit[]): Promise<OwnCertificate> {
  const queries = certificateQueries(services.clients, actor)
  const { ok: _ok, now, station, contact_sealed: contact, ...hours } = await queries.count(from, to)
  const { name } = openContact(services, actor.userId, contact)
  const [number, issuedAt] = [newCertificateNumber(), new Date(now).toISOString()]
  const file = signCertificate(services.keys, {
    number, station, holder: holder === 'full' ? name : initialsOf(name), from: hours.from, to: hours.to, shifts: hours.shifts, minutes: hours.minutes, ...(isNightShown && { nightMinutes: hours.night_minutes }), issuedAt,
  })
  await queries.issue({ number, issued_at: issuedAt, ...hours, statement: file.statement, file_sealed: sealCertificateFile(services, file), limits })
  return { number, issuedAt, revokedAt: null, revokedBy: null, revokedReason: null, content: file.content }
}

/** One's own certificates, the newest first, and since when there are hours. */
export async function listOwnCertificates(services: Services, actor: DeskActor): Promise<OwnCertificates> {
  const { now, first_on: firstOn, certificates } = await certificateQueries(services.clients, actor).list()
  return { now, firstOn, certificates: certificates.map(({ file_sealed: sealed, ...row }) => ({ ...certificateOf(row), content: openCertificateFile(services, row.number, sealed).content })) }
}

/** One of one's own, to be printed. @throws AppError not_found: also one that was revoked, rate_limited */
export async function openOwnCertificate(services: Services, actor: DeskActor, number: string, limits: Limit[]): Promise<CertificateFile> {
  const { file_sealed: sealed } = await certificateQueries(services.clients, actor).open(number, limits)
  return openCertificateFile(services, number, sealed)
}

/** Remembers a paper that is about to be handed out, so that a changed one is told from it. @throws AppError not_found, rate_limited */
export async function noteCertificatePaper({ clients }: Services, number: string, paper: Buffer): Promise<void> {
  await certificateCheckQueries(clients).notePaper(number, paperHash(paper))
}

/** SHA-256 of a paper, hex. */
export const paperHash = (paper: Buffer): string => createHash('sha256').update(paper).digest('hex')

/** Takes a certificate back: by its holder, or with a reason by lead or chief. @throws AppError not_found, status_order, reason_missing */
export async function revokeCertificate({ clients }: Services, actor: DeskActor, number: string, reason?: string): Promise<void> {
  await certificateQueries(clients, actor).revoke(number, reason)
}

/** Certificates of the station without names, the newest first. @throws AppError forbidden */
export async function listCertificates({ clients }: Services, actor: DeskActor): Promise<DeskCertificates> {
  const { may_revoke: mayRevoke, certificates } = await certificateQueries(clients, actor).listForDesk()
  return { mayRevoke, certificates: certificates.map(({ volunteer, ...row }) => ({ volunteer, ...certificateOf(row) })) }
}

const certificateOf = ({ number, issued_at: issuedAt, revoked_at: revokedAt, revoked_by: revokedBy, revoked_reason: revokedReason }: CertificateRow) => ({ number, issuedAt, revokedAt, revokedBy, revokedReason })
