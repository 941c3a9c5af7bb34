import { randomBytes, randomInt } from 'node:crypto'
import { certificateContentSchema, type CertificateContent, type CertificateFile } from '#shared/patrols/certificate'
import { crockford } from '#shared/reports/receipt'
import type { KeyRing } from '../trust/key-ring.ts'
import { contentHash, isSignedByUs, signFacts } from '../trust/statement.ts'

/** A number that nobody guesses. */
export function newCertificateNumber(): string {
  return `PT${Array.from({ length: 12 }, (_, index) => (index % 4 ? '' : '-') + crockford[randomInt(32)]).join('')}`
}

/** Signs what a certificate says, with the key of its time. @param nonce 64 hex digits; the same one gives the same statement again */
export function signCertificate(keys: KeyRing, content: CertificateContent, nonce: string = randomBytes(32).toString('hex')): CertificateFile {
  const { number, issuedAt } = content
  const facts = { version: 1 as const, type: 'patrol_certificate' as const, number, issuedAt, contentHash: contentHash(nonce, certificateContentSchema.strip().parse(content)) }
  return { content, nonce, statement: signFacts(keys, facts, issuedAt).signed }
}

/**
 * Did this station sign exactly that? Whether it was taken back since is for the portal to say.
 * @returns `not_ours` when the signature is nobody's or another's, `altered` when it is ours and stands for something else
 */
export function checkCertificate(keys: Pick<KeyRing, 'signingKeys'>, { content, nonce, statement }: CertificateFile): 'genuine' | 'altered' | 'not_ours' {
  if (!isSignedByUs(keys, statement, statement.issuedAt)) return 'not_ours'
  const isSame = statement.number === content.number && statement.issuedAt === content.issuedAt && statement.contentHash === contentHash(nonce, certificateContentSchema.strip().parse(content))
  return isSame ? 'genuine' : 'altered'
}
