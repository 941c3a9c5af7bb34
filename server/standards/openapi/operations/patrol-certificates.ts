import { certificatePathSchema, certificateWishSchema, checkedCertificateSchema, deskCertificatesSchema, issuedCertificateSchema, ownCertificatesSchema, revokeCertificateSchema } from '#shared/patrols/certificate'
import { reasonSchema } from '#shared/patrols/patrol-schema'
import type { Operation } from '../operation.ts'

const own = { noun: 'patrols', access: 'account' } as const
const desk = { noun: 'patrols', access: 'desk' } as const
const path = '/api/patrols/certificates'

/** Certificates of patrol hours: issued and taken back by their holder, checked by anyone. */
export const patrolCertificateOperations: readonly Operation[] = [
  { ...own, method: 'get', path, id: 'listOwnCertificates', summary: 'One\'s own certificates of hours, the newest first', answers: [{ status: 200, says: 'What each one says.', schema: ownCertificatesSchema }], errors: ['sign_in_required'] },
  {
    ...own, method: 'post', path, id: 'issueCertificate', body: certificateWishSchema, summary: 'Signs a certificate over the patrols between two days; nothing stands in it but what its holder chose',
    answers: [{ status: 201, says: 'The certificate.', schema: issuedCertificateSchema }], errors: ['sign_in_required', 'invalid', 'invalid_input', 'not_found', 'no_hours', 'conflict', 'rate_limited', 'too_large'],
  },
  {
    ...own, method: 'get', path: `${path}/{number}/paper`, id: 'printCertificate', params: certificatePathSchema, summary: 'One of one\'s own as a PDF in the language of the request, with the signed facts inside',
    answers: [{ status: 200, says: 'The paper.', mediaTypes: ['application/pdf'] }], errors: ['sign_in_required', 'not_found', 'rate_limited'],
  },
  {
    ...own, method: 'post', path: `${path}/{number}/revoke`, id: 'revokeOwnCertificate', params: certificatePathSchema, body: revokeCertificateSchema, summary: 'Takes a certificate of one\'s own back, for good',
    answers: [{ status: 204, says: 'Revoked.' }], errors: ['sign_in_required', 'invalid', 'not_found', 'status_order', 'reason_missing', 'too_large'],
  },
  {
    noun: 'patrols', access: 'anyone', method: 'get', path: `${path}/{number}/check`, id: 'checkCertificate', params: certificatePathSchema, summary: 'Whether a certificate holds, and what the station signed',
    answers: [{ status: 200, says: 'The number is 60 random bits: whoever knows it holds the paper.', schema: checkedCertificateSchema }], errors: ['not_found', 'rate_limited'],
  },
  { ...desk, method: 'get', path: '/api/desk/patrols/certificates', id: 'listCertificates', summary: 'Certificates of the station without names, for lead, chief and auditor', answers: [{ status: 200, says: 'The newest first, 200 at most.', schema: deskCertificatesSchema }], errors: [] },
  {
    ...desk, method: 'post', path: '/api/desk/patrols/certificates/{number}/revoke', id: 'revokeCertificate', params: certificatePathSchema, body: reasonSchema, summary: 'Takes a certificate back with a reason, by lead or chief; its holder is told',
    answers: [{ status: 204, says: 'Revoked.' }], errors: ['status_order', 'reason_missing'],
  },
]
