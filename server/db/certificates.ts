import { z } from 'zod'
import { localisedSchema } from '#shared/communities/reference-data'
import { certificateStatementSchema, type CertificateFile } from '#shared/patrols/certificate'
import { call, type Clients } from './clients.ts'
import type { DeskActor } from './desk-reports.ts'
import type { Limit } from './reports.ts'

const instant = z.string()
const done = z.object({ ok: z.literal(true) })
const hours = { from: z.string(), to: z.string(), shifts: z.number(), minutes: z.number(), night_minutes: z.number() }
const facts = z.object({ number: z.string(), issued_at: instant, revoked_at: instant.nullable(), revoked_by: z.enum(['holder', 'station']).nullable(), revoked_reason: z.string().nullable() })
export type CertificateRow = z.infer<typeof facts>
const counted = done.extend({ now: instant, station: localisedSchema, contact_sealed: z.string(), ...hours })

/** A certificate to be kept: hours as they were counted, the signed statement, content and nonce sealed by the caller. */
export interface NewCertificate { number: string, issued_at: string, from: string, to: string, shifts: number, minutes: number, night_minutes: number, statement: CertificateFile['statement'], file_sealed: string, limits: Limit[] }

/** One's own certificates, through the server, which signs and seals; one's own revocation under one's own token. */
export function certificateQueries({ as, server }: Clients, { accessToken, userId, sessionId }: DeskActor) {
  const who = { actor: userId, session: sessionId }
  return {
    count: (from: string, to: string) => call(server, 'count_certificate_hours', { p: { ...who, from, to } }, counted),
    issue: (certificate: NewCertificate) => call(server, 'issue_certificate', { p: { ...who, ...certificate } as never }, done),
    list: () => call(server, 'list_own_certificates', { p: who }, done.extend({ now: instant, first_on: z.string().nullable(), certificates: z.array(facts.extend({ file_sealed: z.string() })) })),
    open: (number: string, limits: Limit[]) => call(server, 'open_own_certificate', { p: { ...who, number, limits } as never }, done.extend({ file_sealed: z.string() })),
    revoke: (number: string, reason?: string) => call(as(accessToken), 'revoke_certificate', { p: { number, ...(reason && { reason }) } }, done),
    listForDesk: () => call(as(accessToken), 'list_certificates', { p: {} }, done.extend({ may_revoke: z.boolean(), certificates: z.array(facts.extend({ volunteer: z.uuid().nullable() })) })),
  }
}

/** What the portal asks of any certificate. */
export const certificateCheckQueries = ({ server }: Clients) => ({
  notePaper: (number: string, paper: string) => call(server, 'note_certificate_paper', { p: { number, paper } }, done),
  check: (p: { number: string, paper?: string | undefined, limits: Limit[] }) => call(server, 'check_certificate', { p: p as never }, done.extend({
    state: z.enum(['unknown', 'issued', 'revoked', 'erased']), issued_at: instant.nullable(), revoked_at: instant.nullable(), statement: certificateStatementSchema.nullable(), file_sealed: z.string().nullable(), is_paper: z.boolean(),
  })),
})
