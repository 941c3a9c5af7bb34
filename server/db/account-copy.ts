import { z } from 'zod'
import { call, type Clients } from './clients.ts'
import { trackingSchema, type Limit } from './reports.ts'

const instant = z.string()
/** What is kept of an account beside its reports. */
const accountCopy = z.object({
  ok: z.literal(true), now: instant, reports: z.array(z.string()),
  account: z.looseObject({ email: z.string() }), verification: z.looseObject({}).nullable(), telegram: z.looseObject({}).nullable(), volunteer: z.looseObject({ contact_sealed: z.string().nullable(), patrol_reports: z.array(z.looseObject({ shift: z.uuid(), summary_sealed: z.string().nullable() })), certificates: z.array(z.looseObject({ number: z.string(), file_sealed: z.string().nullable() })) }).nullable(), subscriptions: z.array(z.looseObject({})), consents: z.array(z.looseObject({})), sessions: z.array(z.looseObject({})), mails: z.array(z.looseObject({})),
})
const reportCopy = trackingSchema.extend({
  contact_sealed: z.string().nullable(), contact_key: z.string().nullable(), notify_sealed: z.string().nullable(), occurred_at: instant.nullable(), channel: z.string(), visibility: z.string(), is_portal_only: z.boolean(), mails: z.array(z.looseObject({})),
})

/** Who asks for a copy; `ownerHash` finds sealed reports. */
export interface CopyOwner { userId: string, sessionId: string, ownerHash: string }

/** A copy of everything about an account. Asked with a fresh session only. */
export function copyQueries({ server }: Clients, { userId, sessionId, ownerHash }: CopyOwner) {
  const by = { actor: userId, session: sessionId, owner_hash: ownerHash }
  return {
    account: (limits: Limit[]) => call(server, 'export_account', { p: { ...by, limits: limits as never } }, accountCopy),
    report: (reference: string) => call(server, 'export_report', { p: { ...by, reference } }, reportCopy),
  }
}

/** Did this session begin in the last ten minutes? */
export const isSignedInRecently = ({ as }: Clients, { accessToken }: { accessToken: string }) => call(as(accessToken), 'is_signed_in_recently', undefined as never, z.boolean())
