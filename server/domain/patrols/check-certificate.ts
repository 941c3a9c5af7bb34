import { parseCertificateNumber, type CertificateFile, type CheckedCertificate } from '#shared/patrols/certificate'
import { certificateCheckQueries } from '#server/db/certificates'
import type { Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { checkCertificate } from './certificate.ts'
import { openCertificateFile, paperHash } from './own-certificates.ts'

/** Looks a certificate up by its number, however it was typed. Whoever knows the number holds the paper: the answer says what the station signed. @throws AppError rate_limited */
export async function checkCertificateNumber(services: Services, typed: string, limits: Limit[]): Promise<CheckedCertificate> {
  const number = parseCertificateNumber(typed) ?? ''
  const { state, issued_at: issuedAt, revoked_at: revokedAt, file_sealed: sealed } = await certificateCheckQueries(services.clients).check({ number, limits })
  return { number: number || typed.slice(0, 40), verdict: state === 'issued' ? 'genuine' : state, issuedAt, revokedAt, content: sealed ? openCertificateFile(services, number, sealed).content : null }
}

/**
 * Checks a certificate's file, and the paper that it lay in if there is one: the signature first, then what the portal knows of it.
 * @param paper the PDF as it was sent; another than those that were handed out is `altered`, whatever lies inside
 * @throws AppError rate_limited
 */
export async function checkCertificateFile(services: Services, file: CertificateFile, limits: Limit[], paper?: Buffer): Promise<CheckedCertificate> {
  const { number, issuedAt } = file.statement
  const signed = checkCertificate(services.keys, file)
  const { state, revoked_at: revokedAt, file_sealed: sealed, is_paper: isPaper } = await certificateCheckQueries(services.clients).check({ number, ...(paper && { paper: paperHash(paper) }), limits })
  if (signed === 'not_ours') return { number, verdict: 'not_ours', issuedAt: null, revokedAt: null, content: null }
  const known = { number, issuedAt, revokedAt }
  const kept = sealed ? openCertificateFile(services, number, sealed).content : null
  if (signed === 'altered') return { ...known, verdict: 'altered', content: kept }
  if (state !== 'issued') return { ...known, verdict: state, content: state === 'erased' ? file.content : null }
  return { ...known, verdict: paper && !isPaper ? 'altered' : 'genuine', content: kept }
}
